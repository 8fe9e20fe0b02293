"""The functions of the template language that need nothing but their arguments, one module for each group.

``FUNCTIONS`` is by lower-case name. ``UNKNOWN`` are the functions that only the service can answer, with the reason;
those that depend on where the template is deployed are in :mod:`scanner.sources.arm.scoped`.
"""

from collections.abc import Mapping
from typing import Final

from scanner.sources.arm.functions import (
    arrays,
    dates,
    encoding,
    integers,
    lambdas,
    logic,
    network,
    objects,
    text,
)
from scanner.sources.arm.functions.function import Function

__all__ = ["FUNCTIONS", "UNKNOWN", "Function"]

FUNCTIONS: Final[Mapping[str, Function]] = {
    **text.TABLE,
    **integers.TABLE,
    **logic.TABLE,
    **arrays.TABLE,
    **objects.TABLE,
    **lambdas.TABLE,
    **encoding.TABLE,
    **dates.TABLE,
    **network.TABLE,
}

UNKNOWN: Final[Mapping[str, str]] = {
    "externalinput": "it comes from the tool that deploys",
    "guid": "its value is computed by the service",
    "newguid": "it is new in every deployment",
    "pickzones": "only the service knows the zones of a region",
    "providers": "only the service knows its providers",
    "readenvironmentvariable": "it comes from the environment of the deployment",
    "roledefinitions": "only the service knows the role definitions",
    "tologicalzone": "only the service knows the zones of a subscription",
    "tologicalzones": "only the service knows the zones of a subscription",
    "tophysicalzone": "only the service knows the zones of a subscription",
    "tophysicalzones": "only the service knows the zones of a subscription",
    "uniquestring": "its value is computed by the service",
    "utcnow": "it is the time of the deployment",
}

"""The functions and decorators of Bicep: how many arguments each takes and where it may stand.

Source: the compiler's own catalogue of its ``sys`` and ``az`` namespaces, and the reference pages for Bicep functions
and for ``.bicepparam`` files on learn.microsoft.com. Knows nothing of what they compute: that is
:mod:`scanner.sources.arm`.
"""

from typing import Final, NamedTuple


class Signature(NamedTuple):
    """How a function is called."""

    least: int
    most: int | None
    """None where there is no limit."""
    where: str = ""
    """``default``: only as the default of a parameter; ``template``: not in parameters files; ``parameters``: only
    in parameters files; empty: everywhere."""

    def expects(self) -> str:
        """Return how many arguments it takes, in words."""
        if self.most is None:
            return f"at least {self.least} argument{'s' * (self.least != 1)}"
        if self.least == self.most:
            return f"{self.least} argument{'s' * (self.least != 1)}"
        return f"{self.least} to {self.most} arguments"


_COUNTS: Final = {
    (0, 0): "",
    (0, 1): "dateTimeFromEpoch dateTimeToEpoch",
    (1, 1): "any array base64 base64ToJson base64ToString bool buildUri dataUri dataUriToString distinct empty fail"
    " first flatten int items json last length loadFileAsBase64 nameof objectKeys parseCidr parseUri shallowMerge"
    " string toLower toUpper trim uriComponent uriComponentToString",
    (1, 2): "loadDirectoryFileInfo loadTextContent",
    (1, 3): "loadJsonContent loadYamlContent",
    (1, None): "concat format guid max min uniqueString",
    (2, 2): "cidrHost contains endsWith filter indexOf join lastIndexOf like map mapValues range skip sort split"
    " startsWith take uri",
    (2, 3): "dateTimeAdd groupBy padLeft substring toObject",
    (2, None): "intersection union",
    (3, 3): "cidrSubnet reduce replace",
}
_TEMPLATE_COUNTS: Final = {
    (0, 0): "deployer deployment environment tenant",
    (0, 1): "managementGroup subscription",
    (0, 2): "resourceGroup",
    (1, 1): "roleDefinitions",
    (1, 2): "providers",
    (1, 3): "reference",
    (2, None): "managementGroupResourceId resourceId subscriptionResourceId tenantResourceId",
    (3, 3): "toLogicalZone toLogicalZones toPhysicalZone toPhysicalZones",
    (3, 5): "pickZones",
    (3, None): "extensionResourceId",
}

SYS: Final = {
    **{name: Signature(*counts) for counts, names in _COUNTS.items() for name in names.split()},
    "newGuid": Signature(0, 0, "default"),
    "utcNow": Signature(0, 1, "default"),
    "readEnvironmentVariable": Signature(1, 2, "parameters"),
    "readCliArg": Signature(1, 2, "parameters"),
    "readEnvVar": Signature(1, 2, "parameters"),
    "externalInput": Signature(1, 2, "parameters"),
}
"""Functions of the ``sys`` namespace."""
AZ: Final = {
    **{name: Signature(*counts, "template") for counts, names in _TEMPLATE_COUNTS.items() for name in names.split()},
    "getSecret": Signature(4, 5, "parameters"),
}
"""Functions of the ``az`` namespace."""
NAMESPACES: Final = {"sys": SYS, "az": AZ}

LIST: Final = Signature(1, 3, "template")
"""``listKeys`` and its like: whatever the service offers under ``list…``."""

REPLACED: Final = {
    "add": "+",
    "and": "&&",
    "coalesce": "??",
    "createArray": "[]",
    "createObject": "{}",
    "div": "/",
    "equals": "==",
    "greater": ">",
    "greaterOrEquals": ">=",
    "if": "? :",
    "less": "<",
    "lessOrEquals": "<=",
    "mod": "%",
    "mul": "*",
    "not": "!",
    "or": "||",
    "sub": "-",
}
"""Functions of ARM that Bicep has an operator for instead."""

LAMBDAS: Final = {
    "filter": {1: (1, 2)},
    "groupBy": {1: (1, 1), 2: (1, 1)},
    "map": {1: (1, 2)},
    "mapValues": {1: (1, 1)},
    "reduce": {2: (2, 3)},
    "sort": {1: (2, 2)},
    "toObject": {1: (1, 1), 2: (1, 1)},
}
"""Function → index of an argument that is a lambda → how many parameters it has, at least and at most."""

LOADS: Final = frozenset(
    ("loadDirectoryFileInfo", "loadFileAsBase64", "loadJsonContent", "loadTextContent", "loadYamlContent")
)
"""Functions that read a file when the template is compiled."""

_ANY_STATEMENT: Final = "metadata param var type func resource module output property item assert"


class DecoratorRule(NamedTuple):
    """How a decorator is used."""

    least: int
    most: int
    targets: frozenset[str]
    """Kinds of statements; ``property`` and ``item`` are those of object and tuple types."""


def _rule(least: int, most: int, targets: str) -> DecoratorRule:
    return DecoratorRule(least, most, frozenset(targets.split()))


DECORATORS: Final = {
    "allowed": _rule(1, 1, "param"),
    "batchSize": _rule(1, 1, "resource module"),
    "description": _rule(1, 1, _ANY_STATEMENT),
    "discriminator": _rule(1, 1, "param type output property item"),
    "export": _rule(0, 0, "type var func"),
    "maxLength": _rule(1, 1, "param type output property item"),
    "maxValue": _rule(1, 1, "param type output property item"),
    "metadata": _rule(1, 1, "param type output property item"),
    "minLength": _rule(1, 1, "param type output property item"),
    "minValue": _rule(1, 1, "param type output property item"),
    "nullIfNotFound": _rule(0, 0, "resource"),
    "onlyIfNotExists": _rule(0, 0, "resource module"),
    "retryOn": _rule(1, 2, "resource module"),
    "sealed": _rule(0, 0, "param type output property item"),
    "secure": _rule(0, 0, "param type output property item"),
    "userDefinedConstraint": _rule(1, 2, "param type output property item"),
    "validate": _rule(1, 2, "param type output property item"),
    "waitUntil": _rule(2, 2, "resource module"),
}

SCOPES: Final = ("managementGroup", "resourceGroup", "subscription", "tenant")
"""What ``targetScope`` can be, besides ``local`` (an experiment) and ``desiredStateConfiguration``."""
TYPES: Final = frozenset(("any", "array", "bool", "int", "object", "string"))
"""Types that are there without a declaration."""
TYPE_FUNCTIONS: Final = frozenset(("resourceInput", "resourceOutput", "resource"))

"""The functions of the language, by name.

Modules of a group are imported when the first function of that group is called. What Terraform evaluates lazily
(``try``, ``can``) is compiled by the evaluator; what is not the same on every run is Unknown here.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from scanner.model.unknown import Unknown
from scanner.sources.terraform.functions.function import Function, FunctionError
from scanner.sources.terraform.values.value import Value

if TYPE_CHECKING:
    from scanner.sources.terraform.functions.context import Context

__all__ = ["LAZY", "NEVER_KNOWN", "Function", "FunctionError", "call", "find", "names"]

_GROUPS = {
    "arithmetic": "abs ceil floor log max min parseint pow signum sum",
    "conversions": "ephemeralasnull issensitive nonsensitive sensitive tobool tolist tomap tonumber toset tostring",
    "dates": "formatdate timeadd timecmp",
    "digests": "base64sha256 base64sha512 md5 sha1 sha256 sha512 uuidv5",
    "encoding": "base64decode base64encode base64gzip csvdecode textdecodebase64 textencodebase64 urlencode",
    "files": "abspath basename dirname file filebase64 filebase64sha256 filebase64sha512 fileexists filemd5 fileset"
    " filesha1 filesha256 filesha512 pathexpand templatefile templatestring",
    "formatting": "format formatlist",
    "json_text": "jsondecode jsonencode",
    "maps": "keys lookup merge transpose values zipmap",
    "members": "alltrue anytrue coalesce coalescelist contains element index length one",
    "networks": "cidrhost cidrnetmask cidrsubnet cidrsubnets",
    "patterns": "regex regexall replace",
    "sequences": "chunklist compact concat distinct flatten matchkeys range reverse slice sort",
    "sets": "setintersection setproduct setsubtract setunion",
    "strings": "chomp endswith indent join lower split startswith strcontains strrev substr title trim trimprefix"
    " trimspace trimsuffix upper",
    "yaml_text": "yamldecode yamlencode",
}
_MODULES = {name: module for module, names in _GROUPS.items() for name in names.split()}

LAZY = frozenset(("can", "try"))
"""Functions that decide whether their arguments are evaluated at all: the evaluator's own."""

NEVER_KNOWN = {
    "bcrypt": "bcrypt() gives another value on every run",
    "plantimestamp": "plantimestamp() gives another value on every run",
    "rsadecrypt": "rsadecrypt() needs a private key, which is not read",
    "timestamp": "timestamp() gives another value on every run",
    "uuid": "uuid() gives another value on every run",
}
"""Functions whose value is Unknown, with the reason."""

_CORE = "core::"
_found: dict[str, Function] = {}


def names() -> list[str]:
    """Return the names of all functions that :func:`call` answers, without namespace, in order."""
    return sorted((*_MODULES, *NEVER_KNOWN))


def find(name: str) -> Function | None:
    """Return the function called ``name``, which may be written ``core::name``; None where there is none."""
    function = _found.get(name)
    if function is None:
        bare = name.removeprefix(_CORE)
        group = _MODULES.get(bare)
        if group is None:
            return None
        module = import_module(f"{__name__}.{group}")
        function = _found[name] = module.FUNCTIONS[bare]
    return function


def call(name: str, args: "list[Value] | tuple[Value, ...]", context: "Context | None" = None) -> Value:
    """Return the value of ``name(args…)``; FunctionError where Terraform rejects the call.

    Functions of providers are Unknown, with the name as the reason.
    """
    function = find(name)
    if function is not None:
        return function(args, context)
    reason = NEVER_KNOWN.get(name.removeprefix(_CORE))
    if reason is None and name.startswith("provider::"):
        reason = f"{name}() is a function of a provider"
    if reason is None:
        raise FunctionError(f'there is no function named "{name}"')
    return Unknown(reason)

"""The packages of the extra ``[kubernetes]``: imported when a cluster is read, with a clear error without them."""

from importlib import import_module
from types import ModuleType

from scanner.errors import UsageError


def require(name: str) -> ModuleType:
    """Return the module ``name`` of the extra. Raises UsageError where it is not installed."""
    try:
        return import_module(name)
    except ImportError as error:
        raise UsageError(
            f"cannot read clusters: the package {name.partition('.')[0]!r} cannot be imported ({error})",
            hint="install the extra: pip install 'bulkhead-scanner[kubernetes]'",
        ) from error

"""The compiled extension of `native/`; only `scanner.packs.rego.native` imports it, because it may be missing."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, final

BINDING_VERSION: Final[int]
REGORUS_VERSION: Final[str]
Undefined: Final[Any]
"""The value of a rule without one; false."""

class RegoError(Exception):
    """A fault of a policy, its input or the engine."""

    kind: str
    file: str | None
    line: int | None
    col: int | None
    reason: str

class Set(list[Any]):
    """A Rego set as an argument of a built-in: its members in the engine's order."""

@final
class Value:
    """A Python object converted once."""

    def __new__(cls, object: Any) -> Value: ...  # noqa: A002
    def to_python(self) -> Any: ...

@final
class Engine:
    """A Rego interpreter with its modules and data, for one thread at a time."""

    def __new__(cls, *, strict: bool = True) -> Engine: ...
    def add_policy(self, name: str, text: str, *, v0: bool = False) -> str: ...
    def add_data(self, data: Mapping[str, object] | Value) -> None: ...
    def add_builtin(self, name: str, nargs: int, function: Callable[..., object]) -> None: ...
    def set_deadline(self, seconds: float | None) -> None: ...
    def prepare(self) -> None: ...
    def eval_rules(self, input: Mapping[str, object] | Value, paths: Sequence[str]) -> list[object]: ...  # noqa: A002
    def eval_query(
        self,
        query: str,
        input: Mapping[str, object] | Value | None = None,  # noqa: A002
    ) -> list[dict[str, Any]]: ...
    def clone(self) -> Engine: ...
    def modules(self) -> list[Any]: ...
    def set_coverage(self, on: bool) -> None: ...
    def coverage(self) -> dict[str, tuple[list[int], list[int]]]: ...

def precheck(text: str, name: str = "<module>") -> None: ...
def builtins() -> list[tuple[str, int]]: ...

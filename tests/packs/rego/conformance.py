"""The language conformance cases of OPA in the native engine, through everything a policy goes through.

A case is modules, data, input and a query; it wants bindings, or an error. Sets come as arrays, so that the order in
arrays is let go where it alone differs. An error counts only if it is one of the evaluation: a function that is not
there or a text that cannot be read is not what a case wants.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from scanner.packs.rego.builtins import used_by
from scanner.packs.rego.native import binding
from scanner.packs.rego.rewrite import rewrite

DEADLINE_S = 5.0
NO_EVALUATION = ("syntax", "unsafe", "unknown-function", "panic", "engine", "input")
"""Kinds of errors that are never what a case wants."""

OUT_OF_SCOPE = ("graphql", "invalidkeyerror", "jwtencodesign", "netlookupipaddr", "providers-aws")
"""Starts of the folders of cases that need GraphQL, the network or signing."""


class Case(NamedTuple):
    """One case of the corpus."""

    id: str
    """Its file without ending, below the corpus, and its place in there."""
    content: dict[str, Any]

    @property
    def in_scope(self) -> bool:
        """Whether it needs no GraphQL, no network and no signing."""
        return not self.id.startswith(OUT_OF_SCOPE)


def cases(root: Path) -> Iterator[Case]:
    """Yield all cases below a folder, in order."""
    for path in sorted(root.rglob("*.json")):
        name = path.relative_to(root).with_suffix("").as_posix()
        for index, content in enumerate(json.loads(path.read_text("utf-8"))["cases"]):
            yield Case(f"{name}#{index}", content)


def passes(case: Case) -> bool:
    """Run a case and say whether the engine answers what it wants."""
    content = case.content
    wants_error = "want_error" in content or "want_error_code" in content
    try:
        rows = _query(content)
    except binding().RegoError as error:
        return wants_error and error.kind not in NO_EVALUATION
    if wants_error:
        return False
    wanted = [_plain(row) for row in content.get("want_result") or []]
    found = [_plain(row) for row in rows]
    return _sorted(wanted) == _sorted(found) or _unordered(wanted) == _unordered(found)


def _query(content: dict[str, Any]) -> list[dict[str, Any]]:
    native = binding()
    engine = native.Engine(strict=bool(content.get("strict_error")))
    engine.set_deadline(DEADLINE_S)
    modules, query = content.get("modules") or [], rewrite(content["query"])
    for index, module in enumerate(modules):
        engine.add_policy(f"module{index}.rego", rewrite(module, modules))
    rules = (rule for module in engine.modules() for rule in module["rules"])
    called = {call["name"] for rule in rules for call in rule["calls"]}
    # A query has no outline; templates are the only thing that adds a call to one.
    called.update(["internal.template_string"] if "internal.template_string" in query else [])
    for name, (arity, function) in used_by(called).items():
        engine.add_builtin(name, arity, function)
    engine.add_data(content.get("data") or {})
    rows = engine.eval_query(query, **_input(content))
    return [row["bindings"] for row in rows]


def _input(content: dict[str, Any]) -> dict[str, Any]:
    if "input" in content:
        return {"input": content["input"]}
    return {"input": _term(content["input_term"])} if "input_term" in content else {}


def _term(text: str) -> object:
    """Return the value of a term, sets as sets."""
    seen: list[object] = []
    engine = binding().Engine()
    engine.add_builtin("test.see", 1, lambda value: seen.append(value) or True)
    engine.eval_query(f"test.see({text})")
    return seen[0]


def _plain(value: Any) -> Any:
    """Return a value with numbers that are equal alike, and true apart from 1."""
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _sorted(values: list[Any]) -> list[str]:
    return sorted(json.dumps(value, sort_keys=True) for value in values)


def _unordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _unordered(each) for key, each in sorted(value.items())}
    if isinstance(value, list):
        return sorted((_unordered(each) for each in value), key=lambda each: json.dumps(each, sort_keys=True))
    return value

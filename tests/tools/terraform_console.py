"""Asks the real Terraform what expressions are worth: many of them in one process, offline.

The expressions become elements of one local value in a folder of their own, each inside `try`, so that one that
Terraform rejects hides no other. Values come back as JSON with every number as Terraform prints it, types as the lists
that `cty` itself uses in JSON.
"""

import base64
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from scanner.sources.terraform.values import ListValue, MapValue, Sensitive, SetValue, Unknown, numbers
from scanner.sources.terraform.values.types import ANY, BOOL, NUMBER, STRING, type_of

TERRAFORM_VERSION = "1.11"
"""The minor version that the evaluator follows; another one may answer differently."""

_TIMEOUT_S = 300
_CHUNK = 400


class Number(str):
    """A number as Terraform prints it: `0.1`, `100000000000000000000`; equal to the same text only."""

    __slots__ = ()


class Answer(NamedTuple):
    """What Terraform said to one expression."""

    ok: bool
    """False where Terraform rejects the expression."""
    value: Any = None
    """JSON data; numbers are :class:`Number`; `INFINITE` where the value holds an infinity."""
    type: Any = None
    """`"string"`, `["list", "string"]`, `["object", {…}]`, `["tuple", […]]`, `"dynamic"` …"""
    sensitive: bool = False
    """Whether the value, or a part of it, is marked."""
    unknown: Any = False
    """True where the value is not known; of :func:`plan` also its shape with True where a part is not known."""
    error: str = ""
    """Terraform's message where it was asked for alone; mostly empty, because `try` swallows it."""


INFINITE = "infinite"
"""Stands for a value that JSON cannot hold."""


def find_terraform() -> Path:
    """Return the real `terraform`, or skip the test with the reason."""
    path, reason = _terraform()
    if path is None:
        pytest.skip(reason)
    return path


@cache
def _terraform() -> tuple[Path | None, str]:
    found = os.environ.get("BULKHEAD_TERRAFORM") or shutil.which("terraform")
    if not found:
        return None, "no 'terraform' is there; put it on PATH or name it in BULKHEAD_TERRAFORM"
    done = _run([found, "version", "-json"], Path.cwd())
    version = json.loads(done.stdout)["terraform_version"] if done.returncode == 0 else "unknown"
    if not version.startswith(TERRAFORM_VERSION + "."):
        return None, f"{found} is of version {version}, the evaluator follows {TERRAFORM_VERSION}"
    return Path(found), ""


def evaluate(expressions: Sequence[str], *, files: Mapping[str, str] | None = None) -> list[Answer]:
    """Return Terraform's answers, in order.

    `files` are written into the module's folder first: more `.tf` files for names to refer to, or files to read.
    An expression that is no expression at all (a syntax error, a reference to nothing) is found by halving.
    """
    terraform = find_terraform()
    answers: list[Answer] = []
    with tempfile.TemporaryDirectory() as folder:
        root = _prepare(Path(folder), files)
        for start in range(0, len(expressions), _CHUNK):
            answers += _ask(terraform, root, expressions[start : start + _CHUNK])
    return answers


def plan(expressions: Sequence[str], *, files: Mapping[str, str] | None = None) -> list[Answer]:
    """Return Terraform's answers during a plan, where `terraform_data.unknown.output` is not known yet.

    Types are not reported; an expression that Terraform rejects must not be among them.
    """
    terraform = find_terraform()
    outputs = "".join(
        f'output "r{index}" {{\n  sensitive = true\n  value = {{ ok = {expression}\n }}\n}}\n'
        for index, expression in enumerate(expressions)
    )
    text = f'resource "terraform_data" "unknown" {{\n  input = uuid()\n}}\n{outputs}'
    with tempfile.TemporaryDirectory() as folder:
        root = _prepare(Path(folder), files)
        (root / "cases.tf").write_text(text, "utf-8")
        _must([terraform, "init", "-no-color", "-input=false"], root)
        _must([terraform, "plan", "-no-color", "-input=false", "-out=plan.bin"], root)
        shown = _must([terraform, "show", "-json", "plan.bin"], root)
    changes = json.loads(shown, parse_int=Number, parse_float=Number)["output_changes"]
    return [_planned(changes[f"r{index}"]) for index in range(len(expressions))]


def metadata() -> dict[str, Any]:
    """Return the signatures of Terraform's functions by name."""
    signatures: dict[str, Any] = json.loads(_must([find_terraform(), "metadata", "functions", "-json"], Path.cwd()))
    return dict(signatures["function_signatures"])


def _planned(change: dict[str, Any]) -> Answer:
    unknown = change["after_unknown"]
    value = (change.get("after") or {}).get("ok")
    return Answer(True, value, unknown=unknown if unknown is True else (unknown or {}).get("ok", False))


def _prepare(folder: Path, files: Mapping[str, str] | None) -> Path:
    root = folder / "module"
    root.mkdir()
    for name, text in (files or {}).items():
        target = root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
    return root


def _ask(terraform: Path, root: Path, expressions: Sequence[str]) -> list[Answer]:
    if not expressions:
        return []
    lines = "".join(f"    try({{ ok = {text}\n }}, {{ bad = true }}),\n" for text in expressions)
    (root / "bulkhead_cases.tf").write_text(f"locals {{\n  bulkhead_cases = [\n{lines}  ]\n}}\n", "utf-8")
    each = (
        "base64encode(jsonencode([for c in local.bulkhead_cases : "
        f'{{ sensitive = issensitive(try(jsonencode(c), "")), '
        f'text = nonsensitive(try(jsonencode(c), "\\"{INFINITE}\\"")) }}]))\n'
    )
    values = _console(terraform, root, each)
    if _rejected(values):
        return _halve(terraform, root, expressions, values)
    if values.stdout.strip() == "(known after apply)":
        return _halve(terraform, root, expressions, None)
    types = _console(terraform, root, "type(local.bulkhead_cases)\n")
    if _rejected(types):
        return _halve(terraform, root, expressions, types)
    shapes = parse_type(types.stdout.strip().splitlines())[1]
    encoded = json.loads(base64.b64decode(values.stdout.strip().strip('"')))
    return [_answer(item, shape) for item, shape in zip(encoded, shapes, strict=True)]


def _rejected(done: "subprocess.CompletedProcess[str]") -> bool:
    """Tell whether the module did not load; then the console goes on without it, and says so."""
    return done.returncode != 0 or "Due to the problems above" in done.stdout + done.stderr


def _answer(item: dict[str, Any], shape: Any) -> Answer:
    fields = shape[1]
    if "bad" in fields:
        return Answer(False)
    data = json.loads(item["text"], parse_int=Number, parse_float=Number)
    value = data["ok"] if isinstance(data, dict) else data
    return Answer(True, value, fields["ok"], item["sensitive"])


def _halve(
    terraform: Path, root: Path, expressions: Sequence[str], done: "subprocess.CompletedProcess[str] | None"
) -> list[Answer]:
    if len(expressions) == 1 and done is None:
        return [Answer(True, unknown=True)]
    if len(expressions) == 1 and done is not None:
        return [Answer(False, error=done.stderr.strip() or done.stdout.strip())]
    middle = len(expressions) // 2
    return _ask(terraform, root, expressions[:middle]) + _ask(terraform, root, expressions[middle:])


def _console(terraform: Path, root: Path, line: str) -> "subprocess.CompletedProcess[str]":
    return _run([terraform, "console", "-no-color"], root, line)


def _must(command: list[Any], folder: Path) -> str:
    done = _run(command, folder)
    assert done.returncode == 0, f"{command[1]} said: {done.stdout}{done.stderr}"
    return done.stdout


def _run(command: list[Any], folder: Path, text: str = "") -> "subprocess.CompletedProcess[str]":
    scrubbed = {name: value for name, value in os.environ.items() if not name.startswith("TF_")}
    quiet = {"TF_CLI_CONFIG_FILE": os.devnull, "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}
    return subprocess.run(
        command,
        cwd=folder,
        env={**scrubbed, **quiet},
        input=text,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=_TIMEOUT_S,
    )


def parse_type(lines: Iterable[str]) -> Any:
    """Return the type that the console's `type()` printed over several lines."""
    return _type(iter(lines), None)


def _type(lines: Any, head: str | None) -> Any:
    text = (next(lines) if head is None else head).strip().rstrip(",")
    if text == "object({})":
        return ["object", {}]
    if text == "tuple([])":
        return ["tuple", []]
    if text == "object({":
        return ["object", _attributes(lines)]
    if text == "tuple([":
        return ["tuple", _elements(lines)]
    for kind in ("list", "set", "map"):
        if text == f"{kind}(":
            inner = _type(lines, None)
            next(lines)
            return [kind, inner]
        if text.startswith(f"{kind}("):
            return [kind, _type(lines, text.removeprefix(f"{kind}(").removesuffix(")"))]
    return text


def _attributes(lines: Any) -> dict[str, Any]:
    found = {}
    for line in lines:
        if line.strip().rstrip(",") == "})":
            break
        name, _, rest = line.strip().rpartition(": ")
        found[name] = _type(lines, rest)
    return found


def _elements(lines: Any) -> list[Any]:
    found = []
    for line in lines:
        if line.strip().rstrip(",") == "])":
            break
        found.append(_type(lines, line))
    return found


def literal(value: Any) -> str:
    """Return an expression whose value is `value`; of an Unknown its origin.

    Collections are made from their members by `tolist` and the like, which decide on the type of the elements.
    """
    if isinstance(value, Unknown) and not isinstance(value, Sensitive):
        return value.origin
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, Sensitive):
        return f"sensitive({literal(value.value)})"
    if isinstance(value, dict):
        pairs = ", ".join(f"({_quoted(name)}) = {literal(item)}" for name, item in value.items())
        return f"tomap({{{pairs}}})" if isinstance(value, MapValue) else f"{{{pairs}}}"
    if isinstance(value, tuple):
        wrap = {ListValue: "tolist({})", SetValue: "toset({})"}.get(type(value), "{}")
        return wrap.format(f"[{', '.join(map(literal, value))}]")
    if abs(value) == numbers.INFINITY:
        return "(1/0)" if value > 0 else "(-1/0)"
    return numbers.text(value)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("${", "$${").replace("%{", "%%{")
    return '"' + "".join(char if char.isprintable() else _code(char) for char in escaped) + '"'


def _code(char: str) -> str:
    code = ord(char)
    short = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
    return short.get(char) or (f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}")


def difference(value: Any, answer: Answer) -> str | None:
    """Return in what our `value` differs from Terraform's answer; None where it does not.

    The type that a null has in Terraform is not compared: ours has none.
    """
    if not answer.ok:
        return f"Terraform rejects it, ours is {value!r}"
    if answer.unknown:
        return f"not known to Terraform, ours is {value!r}"
    if isinstance(value, Sensitive) != answer.sensitive and not _holds_sensitive(value):
        return f"sensitive in Terraform: {answer.sensitive}, ours is {value!r}"
    return _difference(value, answer.value, answer.type, "")


def _holds_sensitive(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_holds_sensitive, value.values()))
    return isinstance(value, Sensitive) or (isinstance(value, tuple) and any(map(_holds_sensitive, value)))


_SCALARS = {STRING: "string", NUMBER: "number", BOOL: "bool", ANY: "dynamic"}


def _difference(value: Any, theirs: Any, kind: Any, path: str) -> str | None:
    if isinstance(value, Sensitive):
        value = value.value
    where = f"at {path or 'the top'}: "
    if value is None:
        return None if theirs is None else f"{where}null, Terraform has {theirs!r}"
    if isinstance(value, dict):
        return _dict_difference(value, theirs, kind, path)
    if isinstance(value, tuple):
        return _sequence_difference(value, theirs, kind, path)
    ours = value if isinstance(value, str | bool) else Number(numbers.text(value))
    if theirs == INFINITE and isinstance(value, float):
        return None
    if type(ours) is not type(theirs) or ours != theirs:
        return f"{where}{ours!r}, Terraform has {theirs!r}"
    found = _SCALARS.get(type_of(value))
    return None if found == kind or kind is None else f"{where}type {found}, Terraform has {kind}"


def _dict_difference(value: dict[str, Any], theirs: Any, kind: Any, path: str) -> str | None:
    name = "map" if isinstance(value, MapValue) else "object"
    if not isinstance(theirs, dict) or (kind and kind[0] != name):
        return f"at {path}: {name} {value!r}, Terraform has {kind} {theirs!r}"
    if value.keys() != theirs.keys():
        return f"at {path}: keys {sorted(value)}, Terraform has {sorted(theirs)}"
    for key, item in value.items():
        below = None if kind is None else kind[1] if name == "map" else kind[1].get(key)
        found = _difference(item, theirs[key], below, f"{path}.{key}")
        if found:
            return found
    return _element_difference(value, kind, path) if isinstance(value, MapValue) else None


def _sequence_difference(value: Any, theirs: Any, kind: Any, path: str) -> str | None:
    name = {ListValue: "list", SetValue: "set"}.get(type(value), "tuple")
    if not isinstance(theirs, list) or (kind and kind[0] != name) or len(theirs) != len(value):
        return f"at {path}: {name} {value!r}, Terraform has {kind} {theirs!r}"
    for index, (item, other) in enumerate(zip(value, theirs, strict=True)):
        below = None if kind is None else kind[1][index] if name == "tuple" else kind[1]
        found = _difference(item, other, below, f"{path}[{index}]")
        if found:
            return found
    return None if name == "tuple" else _element_difference(value, kind, path)


def _element_difference(value: Any, kind: Any, path: str) -> str | None:
    ours = type_shape(value.element)
    if kind is None or _shapes_agree(ours, kind[1], bool(value)):
        return None
    return f"at {path}: elements of {ours}, Terraform has {kind[1]}"


def _shapes_agree(ours: Any, theirs: Any, lenient: bool) -> bool:
    """Compare types; "dynamic" of ours agrees with all where there are members, which may be null."""
    if ours == theirs or (lenient and ours == "dynamic"):
        return True
    if not isinstance(ours, list) or not isinstance(theirs, list) or ours[0] != theirs[0]:
        return False
    if isinstance(ours[1], dict):
        return ours[1].keys() == theirs[1].keys() and all(
            _shapes_agree(kind, theirs[1][name], lenient) for name, kind in ours[1].items()
        )
    if ours[0] == "tuple":
        return len(ours[1]) == len(theirs[1]) and all(
            _shapes_agree(mine, other, lenient) for mine, other in zip(ours[1], theirs[1], strict=True)
        )
    return _shapes_agree(ours[1], theirs[1], lenient)


def type_shape(kind: Any) -> Any:
    """Return a type of ours in the form of :attr:`Answer.type`."""
    if hasattr(kind, "attributes"):
        return ["object", {name: type_shape(item) for name, item in kind.attributes.items()}]
    if hasattr(kind, "elements"):
        return ["tuple", [type_shape(item) for item in kind.elements]]
    if hasattr(kind, "element"):
        return [type(kind).__name__.removesuffix("Type").lower(), type_shape(kind.element)]
    return _SCALARS.get(kind, "dynamic")

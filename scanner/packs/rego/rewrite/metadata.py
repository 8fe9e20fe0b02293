"""`rego.metadata.rule()` and `rego.metadata.chain()` as the constants they are: what `# METADATA` comments say.

OPA works them out when it compiles, from all modules together. Annotations hold what OPA's do: scope, title,
entrypoint, description, organizations, related_resources, authors, custom, labels. `schemas` is not supported, and says
so.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from scanner.packs.rego.rewrite.edits import Edit
from scanner.packs.rego.rewrite.statements import Statement, statements
from scanner.packs.rego.rewrite.tokens import Token, tokenize

_BLOCK = re.compile(r"^#[ \t]*METADATA[^\n]*\n((?:#(?![ \t]*METADATA)[^\n]*\n?)*)", re.MULTILINE)
_FIELDS = ("scope", "title", "entrypoint", "description", "organizations", "custom", "labels")


class _Annotation(NamedTuple):
    start: int
    path: tuple[str, ...]
    """The names of the package, and behind them those of the rule it belongs to."""
    rule: Statement | None
    """The definition it stands above; None in front of a package."""
    scope: str
    value: Mapping[str, object]


def metadata_edits(text: str, tokens: Sequence[Token], siblings: Sequence[str] | None) -> Iterator[Edit]:
    """Yield the replacement of each call by a literal.

    `siblings` are the sources of all modules of the set; a chain needs them, without them its calls stay. Raises
    ValueError where a block is not what OPA takes; then all calls stay, and no engine knows them.
    """
    known = list(statements(tokens))
    package = _package(known)
    own = list(_annotations(text, known))
    for index, token in enumerate(tokens):
        if token.text != "rego" or index + 6 >= len(tokens):
            continue
        name = "".join(word.text for word in tokens[index : index + 7])
        if name not in ("rego.metadata.rule()", "rego.metadata.chain()") or (siblings is None and "chain" in name):
            continue
        rule = [each for each in known if each.kind == "rule" and each.start <= token.start][-1]
        above = [each for each in own if each.scope == "rule" and each.rule == rule]
        value = (
            (above[0].value if above else {}) if "rule" in name else _chain(package, rule, above, text, siblings or ())
        )
        yield Edit(token.start, tokens[index + 6].end, json.dumps(value, ensure_ascii=False))


def _chain(
    package: tuple[str, ...], rule: Statement, above: Sequence[_Annotation], text: str, siblings: Sequence[str]
) -> object:
    """Return what applies to a definition, the closest first: rule, document, package, packages around it."""
    path = (*package, *rule.path)
    everywhere: list[_Annotation] = []
    for source in dict.fromkeys((text, *siblings)):
        if "METADATA" in source:
            everywhere += _annotations(source, list(statements(tokenize(source))))
    links = [_link(path, each) for each in reversed(above)] or [{"path": path}]
    for scope, place in (("document", path), ("package", package)):
        links += [_link(place, each) for each in everywhere if each.scope == scope and each.path == place]
    around = [each for each in everywhere if each.scope == "subpackages" and package[: len(each.path)] == each.path]
    return links + [_link(each.path, each) for each in sorted(around, key=lambda each: -len(each.path))]


def _link(path: tuple[str, ...], annotation: _Annotation) -> dict[str, object]:
    return {"path": path, "annotations": annotation.value}


def _annotations(text: str, known: Sequence[Statement]) -> Iterator[_Annotation]:
    package = _package(known)
    for block in _BLOCK.finditer(text):
        statement = next((each for each in known if each.start >= block.end()), None)
        if statement is None or statement.kind == "import":
            raise ValueError("a METADATA block belongs to no package and no rule")
        value = _value(block[1])
        scope = str(value.get("scope") or ("document" if value.get("entrypoint") else statement.kind))
        is_rule = statement.kind == "rule"
        path = (*package, *statement.path) if is_rule else package
        yield _Annotation(block.start(), path, statement if is_rule else None, scope, {**value, "scope": scope})


def _package(known: Sequence[Statement]) -> tuple[str, ...]:
    return next((each.path for each in known if each.kind == "package"), ())


def _value(comment: str) -> dict[str, object]:
    """Return the annotation that a block of comment lines holds."""
    import yaml

    lines = (line[1:].removeprefix(" ") for line in comment.splitlines())
    try:
        loaded = yaml.load("\n".join(lines), yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise ValueError(f"a METADATA block is no YAML: {error}") from None
    if not isinstance(loaded, dict) or "schemas" in loaded:
        raise ValueError("a METADATA block is no mapping, or has schemas")
    value = {name: _plain(loaded[name]) for name in _FIELDS if loaded.get(name)}
    if loaded.get("authors"):
        value["authors"] = [_author(each) for each in loaded["authors"]]
    if loaded.get("related_resources"):
        value["related_resources"] = [_resource(each) for each in loaded["related_resources"]]
    return value


def _plain(value: object) -> object:
    """Return a value of YAML as one of JSON: keys are strings, dates their text."""
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


def _author(value: object) -> dict[str, str]:
    if isinstance(value, dict):
        return {name: str(value[name]).strip() for name in ("name", "email") if value.get(name)}
    match = re.fullmatch(r"(.*?)\s*(?:<(\S*)>)?", " ".join(str(value).split()))
    assert match is not None, "both parts may be empty"
    return {name: part for name, part in zip(("name", "email"), match.groups(), strict=True) if part}


def _resource(value: object) -> dict[str, str]:
    if isinstance(value, dict):
        return {name: str(value[name]).strip() for name in ("description", "ref") if value.get(name)}
    return {"ref": str(value)}

"""`rego.metadata.rule()` and `rego.metadata.chain()` as the constants they are: what `# METADATA` comments say.

OPA works them out when it compiles, from all modules together. Annotations hold what OPA's do: scope, title,
entrypoint, description, organizations, related_resources, authors, custom, labels. `schemas` is not supported, and says
so.
"""

import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from scanner.packs.rego.rewrite.edits import Edit
from scanner.packs.rego.rewrite.source import Source

_BLOCK = re.compile(r"^#[ \t]*METADATA[^\n]*\n((?:#(?![ \t]*METADATA)[^\n]*\n?)*)", re.MULTILINE)
_FIELDS = ("scope", "title", "entrypoint", "description", "organizations", "custom", "labels")


class _Annotation(NamedTuple):
    path: tuple[str, ...]
    """The names of the package, and behind them those of the rule it belongs to."""
    rule: int
    """Where the definition starts that it stands above; -1 in front of a package."""
    scope: str
    value: Mapping[str, object]


def metadata_edits(source: Source, siblings: Sequence[str] | None) -> Iterator[Edit]:
    """Yield the replacement of each call by a literal.

    `siblings` are the sources of all modules of the set; a chain needs them, without them its calls stay. Raises
    ValueError where a block is not what OPA takes; then all calls stay, and no engine knows them.
    """
    rules = [each for each in source.statements if each.kind == "rule"]
    starts = [each.start for each in rules]
    everywhere: list[_Annotation] | None = None
    own: dict[int, list[_Annotation]] = {}
    for annotation in _annotations(source):
        own.setdefault(annotation.rule if annotation.scope == "rule" else -1, []).append(annotation)
    for index, word in enumerate(source.words):
        name = "".join(each.text for each in source.words[index : index + 7]) if word.text == "rego" else ""
        place = bisect_right(starts, word.start) - 1
        if place < 0 or name not in ("rego.metadata.rule()", "rego.metadata.chain()"):
            continue
        value: object
        above = own.get(starts[place], [])
        if name == "rego.metadata.rule()":
            value = above[0].value if above else {}
        elif siblings is None:
            continue
        else:
            everywhere = _everywhere(source, siblings) if everywhere is None else everywhere
            value = _chain(source.package, rules[place].path, above, everywhere)
        yield Edit(word.start, source.word(index + 6).end, json.dumps(value, ensure_ascii=False))


def _everywhere(source: Source, siblings: Sequence[str]) -> list[_Annotation]:
    """Return the annotations of all modules."""
    texts = [text for text in dict.fromkeys(siblings) if "METADATA" in text and text != source.text]
    sources = (source, *(Source(text) for text in texts))
    return [annotation for each in sources for annotation in _annotations(each)]


def _chain(
    package: tuple[str, ...], rule: tuple[str, ...], above: Sequence[_Annotation], everywhere: Sequence[_Annotation]
) -> object:
    """Return what applies to a definition, the closest first: rule, document, package, packages around it."""
    path = (*package, *rule)
    links = [_link(path, each) for each in reversed(above)] or [{"path": path}]
    for scope, place in (("document", path), ("package", package)):
        links += [_link(place, each) for each in everywhere if each.scope == scope and each.path == place]
    around = [each for each in everywhere if each.scope == "subpackages" and package[: len(each.path)] == each.path]
    return links + [_link(each.path, each) for each in sorted(around, key=lambda each: -len(each.path))]


def _link(path: tuple[str, ...], annotation: _Annotation) -> dict[str, object]:
    return {"path": path, "annotations": annotation.value}


def _annotations(source: Source) -> Iterator[_Annotation]:
    starts = [each.start for each in source.statements]
    for block in _BLOCK.finditer(source.text):
        place = bisect_left(starts, block.end())
        statement = source.statements[place] if place < len(starts) else None
        if statement is None or statement.kind == "import":
            raise ValueError("a METADATA block belongs to no package and no rule")
        value = _value(block[1])
        scope = str(value.get("scope") or ("document" if value.get("entrypoint") else statement.kind))
        is_rule = statement.kind == "rule"
        path = (*source.package, *statement.path) if is_rule else source.package
        yield _Annotation(path, statement.start if is_rule else -1, scope, {"scope": scope, **value})


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

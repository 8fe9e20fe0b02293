from pathlib import Path

import pytest

from scanner.sources.rendered.tree import Tree
from scanner.sources.rendered.value_places import ValuesFile, references, steps

from .trees import at, write


@pytest.mark.parametrize(
    ("template", "line", "expected"),
    [
        ("a: {{ .Values.a.b }}", 1, [("a", "b")]),
        ("a: {{ $.Values.a }}-{{ .Values.c }}", 1, [("a",), ("c",)]),
        ('a: {{ index .Values "a" "b-c" }}', 1, [("a", "b-c")]),
        ("{{ with .Values.a }}\nx: {{ .b }}\ny: {{ toYaml . | nindent 2 }}\n{{ end }}", 2, [("a", "b")]),
        ("{{ with .Values.a }}\nx: {{ .b }}\ny: {{ toYaml . | nindent 2 }}\n{{ end }}", 3, [("a",)]),
        ("{{ with .Values.a }}{{ if .b }}\nx: {{ .c }}\n{{ end }}{{ end }}\ny: {{ .d }}", 2, [("a", "c")]),
        ("{{ with .Values.a }}{{ end }}\ny: {{ .d }}", 2, []),
        ("{{ $image := .Values.image }}\nx: {{ $image.tag }}", 2, [("image", "tag")]),
        ('{{ define "x" }}\nx: {{ .b }}\n{{ end }}', 2, []),
        ("x: {{ .Release.Name }}", 1, []),
    ],
)
def test_references(template: str, line: int, expected: list[tuple[str, ...]]) -> None:
    assert references(template, line) == expected


def test_the_strongest_file_that_has_a_value_is_told(tmp_path: Path) -> None:
    write(tmp_path, {"strong.yaml": "a: 2\n", "values.yaml": "\na: 1\nb:\n  c: {d: 3}\n"})
    tree = Tree.of(str(tmp_path), str(tmp_path))
    files = [
        ValuesFile({"a": 2}, str(tmp_path / "strong.yaml")),
        ValuesFile({"a": 1, "b": {"c": {"d": 3}}}, str(tmp_path / "values.yaml")),
    ]
    (found,) = steps(tree, [("a",)], files, (), ("spec", "a"), 2)
    assert (found.role, *at(found.location)) == ("value a is set here", "strong.yaml", 1)
    (found,) = steps(tree, [("b",)], files, (), ("spec", "c", "d"), 3)
    assert at(found.location) == ("values.yaml", 4)
    assert found.location.path == ("b", "c", "d")


def test_values_of_a_dependency_are_below_its_name(tmp_path: Path) -> None:
    write(tmp_path, {"values.yaml": "sub:\n  a: 2\nglobal:\n  g: 1\n", "sub/values.yaml": "a: 1\n\nb: 1\n"})
    tree = Tree.of(str(tmp_path), str(tmp_path))
    files = [
        ValuesFile({"sub": {"a": 2}, "global": {"g": 1}}, str(tmp_path / "values.yaml")),
        ValuesFile({"a": 1, "b": 1}, str(tmp_path / "sub/values.yaml"), scope=("sub",)),
    ]
    found = steps(tree, [("a",), ("b",), ("global", "g")], files, ("sub",), ("x",), 2)
    assert [at(step.location) for step in found] == [("values.yaml", 2), ("sub/values.yaml", 3), ("values.yaml", 4)]

import pytest
import yaml

from scanner.documents import Problem, read_yaml
from scanner.model.location import Region


def test_without_the_c_extension_the_same_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml, "__with_libyaml__", False)
    text = "a: &x {b: 'c'}\nd: *x\n"
    (document,) = read_yaml(text).documents
    assert document.value == {"a": {"b": "c"}, "d": {"b": "c"}}
    assert document.region(("d", "b")) == Region(1, 8, 1, 14)
    assert read_yaml("a: b: c\n").problems == (Problem("mapping values are not allowed here", 1, 5),)
    assert read_yaml("a: \x07\n").problems == (Problem("the character U+0007 is not allowed in YAML", 1, 4),)

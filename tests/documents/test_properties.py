"""What holds for all texts: YAML that was written reads as what it was, and nothing breaks the readers."""

import json
import random
import time

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.documents import Stream, read_json, read_yaml
from tests.documents.mangling import mangled, pieces

TEXTS = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Co", "Cn", "Zl", "Zp"], exclude_characters="\ufeff"), max_size=12
)
KEYS = st.text("abcdefghijklmnopqrstuvwxyz./-", min_size=1, max_size=8) | TEXTS
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.sampled_from([0.5, -1.25, 1e20]) | TEXTS,
    lambda below: st.lists(below, max_size=4) | st.dictionaries(KEYS, below, max_size=4),
    max_leaves=16,
)


class QuotingDumper(yaml.SafeDumper):
    """Quotes all text, since what PyYAML leaves plain is text in its dialect only; repeats instead of aliasing."""

    def ignore_aliases(self, _: object) -> bool:
        return True


QuotingDumper.add_representer(
    str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style="'")
)
QuotingDumper.add_representer(
    float, lambda dumper, number: dumper.represent_scalar("tag:yaml.org,2002:float", repr(number))
)


@settings(max_examples=120, deadline=None)
@given(VALUES, st.sampled_from([False, True, None]), st.sampled_from([2, 4, 7]), st.booleans())
def test_what_is_written_in_any_style_is_read_as_it_was(
    value: object, flow: bool | None, indent: int, start: bool
) -> None:
    text = yaml.dump(
        value,
        Dumper=QuotingDumper,
        default_flow_style=flow,
        indent=indent,
        explicit_start=start,
        allow_unicode=True,
        sort_keys=False,
    )
    stream = read_yaml(text)
    assert stream.problems == ()
    assert json.dumps([document.value for document in stream.documents]) == json.dumps([value])


@settings(max_examples=80, deadline=None)
@given(VALUES)
def test_json_is_yaml(value: object) -> None:
    text = json.dumps(value, ensure_ascii=False)
    for written in (text, json.dumps([value, {"a": value}], ensure_ascii=False, indent=1)):
        stream = read_yaml(written)
        assert stream.problems == ()
        assert [document.value for document in stream.documents] == [json.loads(written)]


MANIFEST = """\
kind: Pod
metadata: {name: a}
spec:
  containers:
  - &c name: b
    args: ['x', "y"]
    t: |
      z
---
a: *c
"""


def use(stream: Stream) -> None:
    """Ask everything that can be asked of a stream."""
    assert len(stream.problems) == len(stream.unread)
    for document in stream.documents:
        document.region(("a", 0, "b"))
        document.path_at(2)
        document.in_scalar(1, 3)


def test_random_texts_break_nothing() -> None:
    chance = random.Random(20260102)
    for _ in range(1000):
        use(read_yaml("".join(chance.choices(pieces(), k=chance.randint(1, 20)))))


@pytest.mark.slow
def test_ten_thousand_random_and_mangled_texts_break_nothing_and_take_no_time() -> None:
    chance = random.Random(20260103)
    document = json.dumps(
        {"kind": "Pod", "spec": {"containers": [{"name": "a\u00e9\n", "ports": [1, 2.5, None, True]}]}}
    )
    for number in range(10_000):
        match number % 4:
            case 0:
                text: str | bytes = "".join(chance.choices(pieces(), k=chance.randint(1, 30)))
            case 1:
                text = mangled(MANIFEST, chance)
            case 2:
                text = mangled(document, chance)
            case _:
                text = chance.randbytes(chance.randint(1, 60))
        started = time.perf_counter()
        use(read_yaml(text))
        use(read_json(text))
        assert time.perf_counter() - started < 2, text


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece",
    [
        "[",
        "{",
        "- ",
        "a",
        '"',
        "'",
        "&a ",
        "\n",
        "\t",
        "# ",
        "a,",
        "!",
        "{}\n",
        "*a ",
        ": ",
        "...\n",
        "\r",
        "? ",
        "a: |\n  x\n",
    ],
)
def test_two_megabytes_of_anything_take_bounded_time(piece: str) -> None:
    started = time.process_time()
    use(read_yaml(piece * (2_000_000 // len(piece))))
    assert time.process_time() - started < 10

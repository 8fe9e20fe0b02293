import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.formats.markdown.escaping import code, linked, prose, text


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("plain run_as_user 1.2", "plain run_as_user 1.2"),
        ("_it_ **b** `c`", r"\_it\_ \*\*b\*\* \`c\`"),
        ("[a](https://e.example)", r"\[a\](https:&#8203;//e.example)"),
        ("<b>&amp;", "&lt;b&gt;&amp;amp;"),
        ("a|b ~~x~~ $y$ \\", r"a\|b \~\~x\~\~ \$y\$ \\"),
        ("@team #12 !3 a@b www.x", "@&#8203;team #&#8203;12 !&#8203;3 a@&#8203;b www&#8203;.x"),
        ("line\nbreak", r"line\\x0abreak"),
    ],
)
def test_text_shows_what_it_says_and_does_nothing_else(value: str, written: str) -> None:
    assert text(value) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [("a", "`a`"), ("a|b", r"`a\|b`"), ("`", "`` ` ``"), ("a``b", "```a``b```"), ("", "`-`"), ("a\nb", r"`a\x0ab`")],
)
def test_code_is_one_span(value: str, written: str) -> None:
    assert code(value) == written


@given(st.text())
def test_no_text_brings_a_line_break_a_tag_or_a_bare_mark(value: str) -> None:
    written = text(value)

    assert "\n" not in written
    assert "<" not in written
    assert not re.search(r"(?<!\\)(?:\\\\)*[`*|\[\]]", written)


@given(st.text())
def test_a_span_of_code_ends_where_it_should(value: str) -> None:
    written = code(value)
    fence = re.match("`+", written)

    assert fence is not None
    assert re.findall(f"(?<!`){fence[0]}(?!`)", written) == [fence[0], fence[0]]
    assert not re.search(r"(?<!\\)\|", written)


@pytest.mark.parametrize("address", ["", "javascript:alert(1)", "data:text/html,x", "//e.example"])
def test_only_web_addresses_are_links(address: str) -> None:
    assert linked("`a`", address) == "`a`"


def test_an_address_cannot_end_its_link() -> None:
    assert linked("`a`", "https://e.example/a)(b c|<x>") == "[`a`](https://e.example/a%29%28b%20c%7C%3Cx%3E)"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("Set `a: *` for <x>.", "Set `a: *` for &lt;x&gt;."),
        ("one ` alone", r"one \` alone"),
        ("``", r"\`\`"),
        ("`a` and `b|c`", r"`a` and `b\|c`"),
        ("", ""),
    ],
)
def test_code_within_prose_stays_code(value: str, written: str) -> None:
    assert prose(value) == written

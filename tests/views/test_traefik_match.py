import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.views.traefik_match import ANY_HOST, MOST_ALTERNATIVES, Term, alternatives, host_pattern


def told(match: str) -> list[list[str]]:
    return [[f"{term.name} {term.value}" for term in alternative] for alternative in alternatives(match)]


def test_one_host() -> None:
    assert told("Host(`a.example.net`)") == [["host a.example.net"]]


def test_matchers_in_any_case_and_values_in_double_quotes() -> None:
    assert told(r'HOST(`a`) && pathprefix("/\"x\"")') == [["host a", 'pathprefix /"x"']]


def test_every_combination_is_an_alternative() -> None:
    assert told("(Host(`a`) || Host(`b`)) && (Path(`/x`) || PathPrefix(`/y`))") == [
        ["host a", "path /x"],
        ["host a", "pathprefix /y"],
        ["host b", "path /x"],
        ["host b", "pathprefix /y"],
    ]


def test_several_values_of_version_2_are_alternatives() -> None:
    assert told("Host(`a`, `b`)") == [["host a"], ["host b"]]


def test_negations_and_other_matchers_are_left_out() -> None:
    assert told("Host(`a`) && !Path(`/x`) && Header(`X-Key`, `1`)") == [["host a"]]
    assert told("!(!Host(`a`) || Method(`GET`))") == [["host a"]]
    assert told("!Host(`a`)") == [[]]


@pytest.mark.parametrize(
    ("match", "message"),
    [
        ("", "unexpected the end"),
        ("Host(a)", "expected a value in backticks, found 'a'"),
        ("Host('a')", 'unexpected "\'" at offset 5'),
        ("Host(`a`", "unexpected the end; expected ,"),
        ("`a`", "expected a matcher such as Host(`a.example.net`), found '`a`'"),
        ("Host", "unexpected the end; expected ("),
        ("Host(`a`) Host(`b`)", "unexpected 'Host' at offset 10; expected && or ||"),
        (" || ".join(["Host(`a`)"] * 300), f"it has more than {MOST_ALTERNATIVES} alternatives"),
        (" && ".join(["(Host(`a`) || Host(`b`))"] * 9), f"it has more than {MOST_ALTERNATIVES} alternatives"),
    ],
)
def test_what_cannot_be_read_says_why(match: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        alternatives(match)


@given(st.text(alphabet='Host(`a)&|!, "\\x', max_size=60))
def test_any_text_is_read_or_refused(match: str) -> None:
    with suppress(ValueError):
        assert len(alternatives(match)) >= 1


@pytest.mark.parametrize(
    ("expression", "pattern"),
    [
        (r"^a\.example\.net$", "a.example.net"),
        (r"^A[.]example\.net$", "a.example.net"),
        (r"(?i)^a\.example\.net$", "a.example.net"),
        (r"^[a-z0-9-]+\.example\.net$", "*.example.net"),
        (r"^(www|shop)\.example\.net$", "*.example.net"),
        (r"^[a-z]{2,3}\.example\.net$", "*.example.net"),
        # It may begin with anything, so only what is below the next name is sure.
        (r"a\.example\.net$", "*.example.net"),
        (r"^(www\.)?a\.example\.net$", "*.example.net"),
        # It may end with anything, chooses, or has dots that are any character.
        (r"^a\.example\.net", ANY_HOST),
        (r"^a\.example\.net\$", ANY_HOST),
        (r"^a\.example\.net$|^b\.example\.org$", ANY_HOST),
        (r"^a.example.net$", ANY_HOST),
        (r"^(((a\.example\.net$", ANY_HOST),
        (".+", ANY_HOST),
        ("", ANY_HOST),
        ("a" * 2000 + "$", ANY_HOST),
        ("(" * 100 + ")" * 100 + r"\.example\.net$", ANY_HOST),
    ],
)
def test_a_regular_expression_stands_for_the_smallest_pattern_that_covers_it(expression: str, pattern: str) -> None:
    assert host_pattern(Term("hostregexp", expression)) == pattern


def test_variables_of_version_2() -> None:
    assert host_pattern(Term("hostregexp", "{shop:[a-z]{2}}.example.net")) == "*.example.net"
    assert host_pattern(Term("hostregexp", "{any}")) == ANY_HOST
    assert host_pattern(Term("hostregexp", "a.example.net"), version_2=True) == "a.example.net"


def test_wildcards_of_hosts() -> None:
    assert host_pattern(Term("host", "A.Example.net.")) == "a.example.net"
    assert host_pattern(Term("hostsni", "*")) == ANY_HOST
    assert host_pattern(Term("host", "**.example.net")) == "*.example.net"


PIECES = st.lists(
    st.sampled_from([r"a", r"b", r"\.", r"[.]", r".", r"a+", r"(a|b)", r"(a\.)?", r"[ab]*", r"\w", r"|", r"\.b", r"$"]),
    max_size=7,
)
HOSTS = st.lists(st.sampled_from(["a", "b", "."]), min_size=1, max_size=6).map("".join)


@given(PIECES, HOSTS, st.sampled_from(["", "^"]), st.sampled_from(["", "$"]))
def test_the_pattern_covers_every_host_that_the_expression_matches(
    pieces: list[str], host: str, start: str, end: str
) -> None:
    expression = start + "".join(pieces) + end
    pattern = host_pattern(Term("hostregexp", expression))
    if re.search(expression, host) and pattern != ANY_HOST:
        assert host == pattern or (pattern.startswith("*.") and host.endswith(pattern[1:]))

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.formats.printable import display_width, printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text, größe, 日本, 😀", "plain text, größe, 日本, 😀"),
        ("\x1b[2Jgone", r"\x1b[2Jgone"),
        ("\x9b31mred", r"\x9b31mred"),
        ("two\nlines\r\t", r"two\x0alines\x0d\x09"),
        ("a\u202etxt.exe", r"a\u202etxt.exe"),
        ("zero\u200bwidth\ufeff", r"zero\u200bwidth\ufeff"),
        ("caf\udce9", r"caf\xe9"),
        ("half \ud800", r"half \ud800"),
        ("tag \U000e0041", r"tag \U000e0041"),
    ],
)
def test_what_is_no_print_becomes_an_escape(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(st.text(st.characters()))
def test_the_result_can_be_written_and_commands_no_terminal(text: str) -> None:
    shown = printable(text)

    shown.encode("utf-8")
    assert not any(unicodedata.category(character) in ("Cc", "Cs") for character in shown)
    assert printable(shown) == shown


@pytest.mark.parametrize(("text", "columns"), [("abc", 3), ("größe", 5), ("日本", 4), ("e\u0301", 1), ("", 0)])
def test_width_is_counted_in_columns(text: str, columns: int) -> None:
    assert display_width(text) == columns


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a ##vso[task.setvariable]b", "a \\x23#vso[task.setvariable]b"),
        ("##VSO[x]", "\\x23#VSO[x]"),
        ("##[error]x", "\\x23#[error]x"),
        ("::add-mask::x", "\\x3a:add-mask::x"),
        ("a ::error file=b::c", "a \\x3a:error file=b::c"),
        ("::Stop-Commands::x", "\\x3a:Stop-Commands::x"),
        ("## head", "## head"),
        ("::1 fe80::1 a::error::b ::ffff:10.0.0.1 ::errors", "::1 fe80::1 a::error::b ::ffff:10.0.0.1 ::errors"),
    ],
)
def test_what_a_build_service_would_take_for_a_command_is_escaped(text: str, shown: str) -> None:
    assert printable(text) == shown
    assert printable(shown) == shown

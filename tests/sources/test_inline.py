from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.sources.inline import EXPECTED, InlineExemption, Malformed, parse_inline


@pytest.mark.parametrize(
    ("text", "exemption"),
    [
        (" ISO-029", InlineExemption(("ISO-029",))),
        ("ISO-029,NET-*, RBAC-00?", InlineExemption(("ISO-029", "NET-*", "RBAC-00?"))),
        (
            ' ISO-029 until=2027-01-31 owner=team-x reason="waits \\"4.2\\", then gone" ticket=OPS-1 approved_by=a@b ',
            InlineExemption(("ISO-029",), 'waits "4.2", then gone', "team-x", "OPS-1", "a@b", date(2027, 1, 31)),
        ),
        ("ISO-029 ticket=X reason=short", InlineExemption(("ISO-029",), "short", "", "X")),
        ('ISO-029 reason="" owner=', InlineExemption(("ISO-029",))),
        ("*", InlineExemption(("*",))),
    ],
)
def test_what_is_stated(text: str, exemption: InlineExemption) -> None:
    assert parse_inline(text) == exemption


@pytest.mark.parametrize(
    ("text", "reason", "offset"),
    [
        ("", "it names no rule", 0),
        ("  until=2027-01-31", "it names no rule", 2),
        ("ISO-029,", "it names no rule", 0),
        ("ISO-029 until=2027-02-30", "field 'until' is no date", 8),
        ("ISO-029 until=soon", "field 'until' is no date", 8),
        ("ISO-029 until=20270131", "field 'until' is no date", 8),
        (
            "ISO-029 expires=2027-01-31",
            "unknown field 'expires' (known are until, owner, reason, ticket, approved_by)",
            8,
        ),
        ('ISO-029 owner=a reason="b', "the quotation mark of field 'reason' is not closed", 16),
        ('ISO-029 reason="a"b', "field 'reason' cannot be read", 8),
        ("ISO-029 because we can", "a field has no value", 8),
        ("ISO-029 owner=a owner=b", "field 'owner' is set twice", 16),
    ],
)
def test_what_is_malformed_says_what_is_expected(text: str, reason: str, offset: int) -> None:
    assert parse_inline(text) == Malformed(f"{reason}; {EXPECTED}", offset)


@settings(max_examples=100)
@given(st.text(alphabet='ISO-029,*?= \\"abuntil:2027owner\té', max_size=60))
def test_any_text_is_an_exemption_or_malformed(text: str) -> None:
    parsed = parse_inline(text)
    assert parsed.rules if isinstance(parsed, InlineExemption) else 0 <= parsed.offset <= len(text)

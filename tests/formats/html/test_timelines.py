"""Timelines of what drifted, on the page of one run."""

from dataclasses import replace

from scanner.formats import format_named
from scanner.formats.html.timelines import MOST, timeline, timelines
from scanner.formats.interface import Presentation
from scanner.model.moment import Moment, in_time, joined
from tests.formats.builder import report

FIRST = Moment("2026-11-19T10:00:00.5Z", "changed by <b>mallory</b>")
LAST = Moment("2026-11-20T10:00:00Z", "seen")


def test_what_happened_is_told_in_order_and_harmless() -> None:
    html = timeline(in_time((LAST, FIRST, LAST)))
    assert html.count("<li>") == 2
    assert html.index("2026-11-19 10:00:00") < html.index("2026-11-20 10:00:00")
    assert "changed by &lt;b&gt;mallory&lt;/b&gt;" in html
    assert timeline(()) == ""


def test_a_long_one_keeps_its_end() -> None:
    many = [Moment(f"2026-01-01T00:00:{number:02}Z", f"moment {number}") for number in range(MOST + 2)]
    html = timeline(many)
    assert "2 earlier moments" in html
    assert html.count("<time") == MOST
    assert "moment 1<" not in html
    assert f"moment {MOST + 1}<" in html


def test_the_page_has_a_section_where_something_drifted() -> None:
    known = {"c/apps/Deployment/shop/web": (FIRST, LAST), "another": (LAST,)}
    html = "".join(format_named("html").render(replace(report(()), timelines=known), Presentation()))
    assert "Timelines <small>2 resources that drifted</small>" in html
    assert html.index("another <small>1 moment<") < html.index("shop/web <small>2 moments<")
    assert "Timelines" not in "".join(format_named("html").render(report(()), Presentation()))
    assert list(timelines({})) == []


def test_timelines_are_joined_by_resource() -> None:
    assert joined({"a": (LAST,)}, {"a": (FIRST, LAST), "b": ()}) == {"a": (FIRST, LAST), "b": ()}

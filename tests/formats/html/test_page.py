import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from scanner.formats.html import findings as cards
from scanner.model.severity import Severity
from scanner.report import Gate, Report
from tests.formats.builder import at, finding, report, rule
from tests.formats.comparisons import compared, new_only
from tests.formats.hostile import NO_MARKUP, TEXTS, hostile
from tests.formats.rendering import rendered
from tests.formats.snapshots_of import assert_snapshot

VOID = {"meta", "input", "br"}


class Page(HTMLParser):
    """Reads a page: every element closed, every attribute known, text by element."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"script", "style"} & set(self.open):
            self.text += data

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]


def page(text: str) -> Page:
    found = Page(text)
    assert not found.open
    return found


def body(text: str) -> str:
    """Return the page without its style and script, which have files of their own, and their digests."""
    return re.sub(r"(?s)(<(style|script)>).*?(</\2>)", r"\1\3", re.sub("'sha256-[^']*'", "'sha256-…'", text))


def test_the_whole_output(full: Report) -> None:
    text = rendered("html", full, source_link="https://github.com/acme/erp/blob/c0ffee/{file}#L{line}-L{end_line}")

    page(text)
    assert_snapshot("report.html", body(text))


def test_the_whole_output_of_a_comparison(full: Report) -> None:
    assert_snapshot("compared.html", body(rendered("html", new_only(full), comparison=compared(full))))


def test_it_stands_alone_and_its_policy_allows_exactly_what_is_in_it(full: Report) -> None:
    text = rendered("html", full)
    found = page(text)

    assert not any(set(attributes) & {"src", "style", "onclick", "action"} for _, attributes in found.elements)
    assert {tag for tag, _ in found.elements} & {"link", "img", "iframe", "object", "embed", "base"} == set()
    (policy,) = (one["content"] for one in found.all("meta") if "http-equiv" in one)
    for name in ("style", "script"):
        content = re.search(f"(?s)<{name}>(.*?)</{name}>", text)
        assert content is not None
        assert f"'sha256-{b64encode(sha256(content[1].encode()).digest()).decode()}'" in policy
    assert "default-src 'none'" in policy
    assert "url(" not in text
    assert "@import" not in text


def test_every_control_has_a_label_and_headings_skip_no_level(full: Report) -> None:
    found = page(rendered("html", full))

    labelled = {one["for"] for one in found.all("label")}
    assert {one["id"] for tag in ("select", "input") for one in found.all(tag)} == labelled
    levels = [int(tag[1]) for tag, _ in found.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert found.all("html") == [{"lang": "en"}]
    ids = [attributes["id"] for _, attributes in found.elements if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_the_filter_is_hidden_where_no_script_runs(full: Report) -> None:
    (form,) = page(rendered("html", full)).all("form")

    assert "hidden" in form
    assert not page(rendered("html", report([]))).all("form")


def test_every_card_can_be_filtered_by_what_the_selects_offer(full: Report) -> None:
    text = rendered("html", full)
    cards_ = page(text).all("article")
    options = set(re.findall(r'<option value="(\d+)">', text))

    assert len(cards_) == 8
    assert {one["data-severity"] for one in cards_} == {"critical", "high", "medium", "low"}
    assert {number for one in cards_ for number in (one["data-rule"], *one["data-tenants"].split(" "))} <= options


def test_no_secret_is_shown(full: Report) -> None:
    text = rendered("html", full)

    assert "hostNetwork: true" in text
    assert "correct-horse" not in text
    assert "Y29ycmVjdC1ob3JzZQ" not in text
    hidden = tuple(replace(one, location=one.location._replace(secret=True)) for one in full.findings)
    assert "<pre>" not in rendered("html", replace(full, findings=hidden))


def test_the_worst_are_shown_and_the_rest_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cards, "MOST_FINDINGS", 5)
    low, high = rule("ISO-001", "a", Severity.LOW), rule("ISO-002", "b", Severity.HIGH)
    findings = [finding(one, f"Deployment a/{n}", "no", at("a", n + 1)) for n, one in enumerate((low, high) * 4)]

    found = page(rendered("html", report([low, high], findings)))

    assert [one["data-severity"] for one in found.all("article")] == ["high"] * 4 + ["low"]
    assert "The 5 worst are shown; 3 more (3 low) are in the JSON report." in found.text


@pytest.mark.parametrize("unknown", ["warn", "fail"])
def test_hostile_text_is_only_text(unknown: str) -> None:
    text = rendered("html", replace(hostile(), gate=Gate(unknown=unknown)), source_link="https://e.example/{file}")
    found = page(text)

    assert not any(markup in body(text) for markup in NO_MARKUP)
    assert len(found.all("script")) == len(found.all("style")) == 1
    assert {name for _, attributes in found.elements for name in attributes} <= {
        "lang", "charset", "http-equiv", "content", "name", "class", "id", "href", "rel", "for", "type", "value",
        "role", "aria-label", "aria-labelledby", "scope", "open", "hidden", "autocomplete",
        "data-severity", "data-rule", "data-tenants",
    }  # fmt: skip
    assert all(one["href"].startswith(("https://e.example/", "#findings")) for one in found.all("a"))
    assert TEXTS[0] in found.text
    assert all(character.isprintable() or character == "\n" for character in found.text)


def test_the_script_and_the_style_cannot_end_their_element() -> None:
    for name in ("style.css", "script.js"):
        content = Path(cards.__file__).with_name(name).read_text("utf-8")
        assert "</" not in content

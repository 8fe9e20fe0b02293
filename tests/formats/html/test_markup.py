import pytest

from scanner.formats.html.markup import link, prose, text


def test_text_is_no_markup_and_ends_no_attribute() -> None:
    assert text("<a href=\"x\" b='y'>&\x1b") == "&lt;a href=&quot;x&quot; b=&#x27;y&#x27;&gt;&amp;\\x1b"


def test_code_within_prose_is_code() -> None:
    assert prose("Set `a: <b>` or `") == "Set <code>a: &lt;b&gt;</code> or `"


@pytest.mark.parametrize("address", ["", "javascript:alert(1)", "//x", " https://x"])
def test_only_web_addresses_are_links(address: str) -> None:
    assert link("here", address) == "here"


def test_an_address_cannot_end_its_attribute() -> None:
    assert link("here", 'https://x/"><b') == '<a href="https://x/&quot;&gt;&lt;b" rel="noreferrer">here</a>'

from scanner.model.location import Origin, Region
from scanner.model.path import Path
from scanner.sources.interface import Page, PageContent


class OnePage(Page):
    @property
    def name(self) -> str:
        return "one"

    def read(self) -> PageContent:
        return PageContent()


def _locate(origin: Origin, path: Path) -> Region:
    return Region(len(path), 1, 1, 1)


def test_a_page_that_keeps_nothing_locates_by_the_origin() -> None:
    page = OnePage()
    assert page.size_bytes == 0
    assert page.locator()(Origin("x", "f", locate=_locate), ("a", "b")) == Region(2, 1, 1, 1)
    assert page.locator()(Origin("x", "f"), ("a",)) is None

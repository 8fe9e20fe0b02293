"""The Estate as a Resource: where it is met in a scan, where its declarations stand, and what is wrong with it."""

import pickle
from pathlib import Path

import pytest

from scanner.model.ledger import LedgerEntry, State
from scanner.model.location import Placed
from scanner.model.types import ESTATE
from scanner.sources.estate import EstatePage, EstateSource
from scanner.sources.repository import RepositorySource
from tests.estate.estates import SMALL, changed, line_of


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def split(folder: Path) -> None:
    """Write the small Estate as two files: the tenants apart."""
    start = SMALL.index("tenants:")
    (folder / "estate").mkdir()
    (folder / "estate" / "platform.yaml").write_text(SMALL[:start], "utf-8")
    (folder / "estate" / "tenants.yaml").write_text(SMALL[start:], "utf-8")


def test_it_is_one_resource_with_the_data_as_it_is_written(folder: Path) -> None:
    (folder / "estate.yaml").write_text(SMALL, "utf-8")
    (page,) = EstateSource("estate.yaml").pages()
    content = page.read()
    (resource,) = content.resources
    assert (resource.type, resource.key) == (ESTATE, f"-/bulkhead/Estate/-/{resource.name}")
    assert resource.attributes["tenants"][0]["id"] == "t01"
    assert content.entries == (LedgerEntry("estate.yaml", State.SCANNED, resources=1),)
    placed = page.locator()(resource.origin, ("tenants", 0, "tier"))
    assert isinstance(placed, Placed)
    assert placed.location.region is not None
    tenant = SMALL.index("id: t01")
    assert placed.location.region.line == line_of(SMALL[SMALL.index("tier:", tenant) :])


def test_parts_of_a_folder_are_one_and_each_declaration_is_found_in_its_file(folder: Path) -> None:
    split(folder)
    page = pickle.loads(pickle.dumps(EstatePage("estate")))
    (resource,) = page.read().resources
    locate = page.locator()
    files = [locate(resource.origin, path).location.file for path in (("tiers",), ("tenants", 0, "id"))]
    assert files == ["estate/platform.yaml", "estate/tenants.yaml"]


def test_what_is_wrong_is_in_the_ledger_and_makes_the_run_incomplete(folder: Path) -> None:
    (folder / "estate.yaml").write_text(changed(("kind: Estate", "kind: Estates")), "utf-8")
    content = EstatePage("estate.yaml").read()
    assert content.resources == ()
    (entry,) = content.entries
    assert (entry.input, entry.state, entry.incomplete) == ("estate.yaml", State.UNPARSED, True)
    assert entry.line == line_of("kind: Estate")
    assert "expected 'Estate'" in entry.reason


def test_an_estate_that_is_gone_is_told(folder: Path) -> None:
    (entry,) = EstatePage("estate.yaml").read().entries
    assert entry.incomplete
    assert "no such file" in entry.reason
    assert EstatePage("nowhere/").names == {"nowhere"}


@pytest.mark.parametrize(("paths", "met"), [((".",), True), (("estate",), True), (("clusters",), False)])
def test_a_scan_judges_it_where_it_is_among_what_is_scanned(folder: Path, paths: tuple[str, ...], met: bool) -> None:
    split(folder)
    (folder / "clusters").mkdir()
    (folder / "clusters" / "a.yaml").write_text("apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n")
    pages = list(RepositorySource(paths, estate="estate").pages())
    types = [resource.type for page in pages for resource in page.read().resources]
    assert (ESTATE in types) is met
    entries = [entry for page in pages for entry in page.read().entries]
    assert all(not entry.reason for entry in entries)
    assert len({entry.input for entry in entries}) == len(entries)

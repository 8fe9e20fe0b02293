"""A plan or state as a page, alone and beside its configuration; and that no secret in it is ever shown."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scanner.formats import FORMATS, format_named
from scanner.formats.interface import Presentation
from scanner.model.ledger import LedgerEntry, State
from scanner.model.location import Location, Placed, Region
from scanner.model.verdict import Verdict
from scanner.report import Report
from scanner.sources.interface import Page, PageContent, Source
from scanner.sources.terraform.plan_page import PlanPage, PlanSettings
from scanner.sources.terraform.source import TerraformSource
from scanner.sources.walk import Found
from tests.sources.terraform.plan.builder import change, kept, plan, state
from tests.sources.terraform.tree import MODULE, account, accounts, found, judged, only, placed, write

VALUES = {"name": "sta", "resource_group_name": "rg", "location": "westeurope", "min_tls_version": "TLS1_0"}
ADDRESS = "azurerm_storage_account.a"
SECRET = "hunter2-hunter2"


class Plans(Source):
    """Plans and states below a folder, as the walk of a run hands them over."""

    kind = "terraform"

    def __init__(self, root: Path, *names: str, roots: bool = True) -> None:
        self._root = root
        self._names = names
        configuration = TerraformSource(found(root), base=str(root))
        self._settings = PlanSettings(str(root), configuration.settings if roots else None)

    def pages(self) -> Iterator[Page]:
        for name in self._names:
            path = self._root / name
            yield PlanPage(Found(name, str(path), path.stat().st_size), self._settings)


def plans(root: Path, content: Any, name: str = "plan.json", **settings: bool) -> Plans:
    """Return the Source of one plan or state that is written below ``root``."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content, indent=1), "utf-8")
    return Plans(root, name, **settings)


def test_a_plan_without_its_configuration_has_places_of_its_own(tmp_path: Path) -> None:
    content, locator = only(plans(tmp_path, plan(change(ADDRESS, VALUES))))
    (one,) = accounts(content).values()
    place = placed(locator, one, "properties", "minimumTlsVersion")

    assert (one.key, one.origin.file, one.origin.page) == (f":{ADDRESS}", "plan.json", "plan.json")
    assert place.trail == ()
    assert place.location.file == "plan.json"
    assert place.location.secret
    region = place.location.region
    assert region is not None
    line = (tmp_path / "plan.json").read_text().split("\n")[region.line - 1]
    assert line[region.column - 1 : region.end_column - 1] == '"min_tls_version": "TLS1_0"'


def test_a_plan_beside_its_configuration_points_at_the_line_to_correct(tmp_path: Path) -> None:
    call = 'module "m" {\n  source = "./m"\n  for_each = toset(["k"])\n  name = "a"\n  tls = "TLS1_0"\n}\n'
    write(tmp_path, {"live/main.tf": call, "live/m/main.tf": MODULE})
    address = 'module.m["k"].azurerm_storage_account.this'
    content, locator = only(plans(tmp_path, plan(change(address, VALUES)), "live/plan.json"))
    (one,) = accounts(content).values()
    place = placed(locator, one, "properties", "minimumTlsVersion")

    assert one.key == f"live:{address}"
    assert place.location == Location("live/m/main.tf", ("properties", "minimumTlsVersion"), Region(10, 3, 10, 37))
    assert [step.role for step in place.trail] == ["called here", "var.tls is set here"]


def test_an_instance_that_only_the_plan_knows_points_at_its_block(tmp_path: Path) -> None:
    block = account("a", "  for_each = var.names") + 'variable "names" {}\n'
    write(tmp_path, {"main.tf": block})
    content, locator = only(plans(tmp_path, plan(change(f'{ADDRESS}["k"]', VALUES))))
    (one,) = accounts(content).values()
    location = placed(locator, one, "properties", "minimumTlsVersion").location
    assert (location.file, location.region and location.region.line) == ("main.tf", 8)
    assert not location.secret


def test_the_configuration_may_be_left_alone(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": account("a")})
    _, locator = only(plans(tmp_path, plan(change(ADDRESS, VALUES)), roots=False))
    content, locator = only(plans(tmp_path, plan(change(ADDRESS, VALUES)), roots=False))
    assert placed(locator, content.resources[0]).location.file == "plan.json"


def test_exemptions_of_the_configuration_hold_for_its_plan(tmp_path: Path) -> None:
    exempt = '# bulkhead:exempt ACME-001 owner=x reason="because"\n'
    write(tmp_path / "tree", {"main.tf": exempt + account("a", "  count = 2") + account("b")})
    changes = [change(f"{ADDRESS}[0]", VALUES), change(f"{ADDRESS}[1]", VALUES)]
    changes.append(change("azurerm_storage_account.b", VALUES))
    report = judged(tmp_path, plans(tmp_path / "tree", plan(*changes)))

    exempted = {finding.address: finding.exemption is not None for finding in report.findings}
    assert exempted == {f"{ADDRESS}[0]": True, "azurerm_storage_account.b": False}
    assert [len(finding.occurrences) for finding in report.findings] == [2, 0]
    assert report.exemptions_unused == ()


def test_a_malformed_exemption_is_told_of_with_the_plan_and_one_for_what_is_not_in_it_is_not(tmp_path: Path) -> None:
    exempt = '# bulkhead:exempt ACME-001 owner=x reason="because"\n'
    write(tmp_path, {"main.tf": "# bulkhead:exempt\n" + account("a") + exempt + account("b")})
    content, _ = only(plans(tmp_path, plan(change(ADDRESS, VALUES))))
    assert content.exemptions == ()
    assert [(note.input, note.line) for note in content.notes] == [("main.tf", 1)]


def entry_of(content: PageContent, name: str = "plan.json") -> LedgerEntry:
    (entry,) = [entry for entry in content.entries if entry.input == name and entry.state is not State.UNSUPPORTED]
    return entry


def test_entries_of_the_ledger(tmp_path: Path) -> None:
    content, _ = only(plans(tmp_path, plan(change(ADDRESS, VALUES), change("aws_vpc.a", {}))))
    entry = entry_of(content)
    assert (entry.state, entry.reason, entry.incomplete) == (State.SCANNED, "", False)
    assert entry.resources == len(content.resources)
    assert content.entries[1].reason == "1 resource is of a type that no rule knows: aws_vpc"

    content, _ = only(plans(tmp_path, state()))
    assert entry_of(content) == LedgerEntry("plan.json", State.SCANNED, "a state without resources")

    broken = plan(change(ADDRESS, VALUES), errored=True, deferred_changes=[{}])
    content, _ = only(plans(tmp_path, broken))
    entry = entry_of(content)
    assert (entry.state, entry.incomplete) == (State.PARTIAL, True)
    assert entry.reason == "1 changes are deferred and not in the plan; and 1 more"
    assert [note.reason for note in content.notes] == ["planning ended with an error, so the plan is not complete"]


def test_what_cannot_be_read_is_unparsed_with_its_place(tmp_path: Path) -> None:
    text = json.dumps(plan(change(ADDRESS, VALUES)), indent=1)
    content, _ = only(plans(tmp_path, text[: text.index("azurerm_storage")]))
    reason = "cannot read plan: the text ends inside the string that starts here"
    assert content.entries == (LedgerEntry("plan.json", State.UNPARSED, reason, 8, 17, incomplete=True),)
    nested, _ = only(plans(tmp_path, {"input": plan()}))
    reason = "no plan: it holds one inside something else"
    assert nested.entries == (LedgerEntry("plan.json", State.UNSUPPORTED, reason),)


def test_a_file_that_is_gone_is_unreachable(tmp_path: Path) -> None:
    (page,) = plans(tmp_path, plan()).pages()
    (tmp_path / "plan.json").unlink()
    (entry,) = page.read().entries
    assert (entry.state, entry.incomplete) == (State.UNREACHABLE, True)
    assert page.locator() is not None


def test_content_that_has_no_file(tmp_path: Path) -> None:
    data = json.dumps(plan(change(ADDRESS, VALUES))).encode()
    page = PlanPage(Found("-", "", len(data)), PlanSettings(str(tmp_path)), data)
    content, locator = page.read(), page.locator()
    place = locator(content.resources[0].origin, ("properties", "minimumTlsVersion"))
    assert isinstance(place, Placed)
    assert place.location.file == "-"
    assert place.location.region is not None


def everything(report: Report) -> Iterator[tuple[str, str]]:
    """Yield name and text of the report in every format, as much of it as there is."""
    presentation = Presentation(color=False, width=200, include_passes=True, verbose=True)
    for name in set(FORMATS) - {"template"}:
        yield name, "".join(format_named(name).render(report, presentation))


def secrets(*hidden: str) -> dict[str, Any]:
    """Return attributes of a storage account, secrets among them."""
    return {**VALUES, **dict.fromkeys(hidden, SECRET), "tags": {"note": SECRET}}


@pytest.mark.parametrize(
    "content",
    [
        plan(
            change(
                ADDRESS,
                secrets("name", "primary_access_key", "custom"),
                after_sensitive={"custom": True, "name": True, "tags": {"note": True}},
            ),
            variables={"secret": {"value": SECRET}},
            output_changes={"o": {"after": SECRET}},
        ),
        state(
            kept(
                "azurerm_storage_account",
                "a",
                {
                    "attributes": secrets("custom", "secondary_access_key"),
                    "sensitive_attributes": [
                        [{"type": "get_attr", "value": "custom"}],
                        [{"type": "get_attr", "value": "tags"}, {"type": "index", "value": {"value": "note"}}],
                    ],
                    "private": SECRET,
                },
            ),
            outputs={"o": {"value": SECRET, "type": "string", "sensitive": True}},
        ),
    ],
)
@pytest.mark.parametrize("indent", [None, 1])
def test_no_secret_is_in_any_output(
    tmp_path: Path, content: Any, indent: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = 'def check(resource):\n    yield resource.fail(str(resource.attributes), "properties.minimumTlsVersion")\n'
    monkeypatch.chdir(tmp_path)
    report = judged(tmp_path, plans(tmp_path, json.dumps(content, indent=indent)), code=code)

    (finding,) = report.findings
    assert finding.verdict is Verdict.FAIL
    assert SECRET in (tmp_path / "plan.json").read_text()
    for name, text in everything(report):
        assert "TLS1_0" in text or name == "sarif"
        assert SECRET not in text, name


def test_the_text_around_a_place_in_a_plan_is_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    values = {**VALUES, "zzz": "a-neighbour"}
    report = judged(tmp_path, plans(tmp_path, plan(change(ADDRESS, values))))
    text = dict(everything(report))["text"]
    assert "the text of a plan or state is not shown" in text
    assert "a-neighbour" not in text


def test_a_plan_and_its_configuration_in_one_run_are_one_finding(tmp_path: Path) -> None:
    root = tmp_path / "tree"
    write(root, {"main.tf": account("a")})
    of_plan = plans(root, plan(change(ADDRESS, VALUES)))
    report = judged(tmp_path, TerraformSource(found(root), base=str(root)), of_plan)
    (finding,) = report.findings
    assert (finding.address, finding.occurrences, finding.location.file) == (ADDRESS, (), "main.tf")

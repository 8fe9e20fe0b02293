"""exemptions.yaml and the Estate's own exemptions, as a person writes them and as they are told what is wrong."""

from datetime import date
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from scanner.config import ExemptionPolicy
from scanner.errors import ExemptionError
from scanner.exemptions import apply, items_of_estate, load_exemptions
from scanner.model.exemption import Exemption
from scanner.validation import schema
from tests.estate.estates import EXAMPLE, estate
from tests.exemptions.findings import TODAY, finding

HEAD = "apiVersion: exemptions/v1\nexemptions:\n"
ONE = """\
  - id: EX-1
    rules: [ISO-029, IMG-*]
    selector:
      cluster: aks-*
      namespace: [velero, erp-*-prd]
      tenant: birch
      labels: {app.kubernetes.io/name: web}
    reason: the node agent reads volumes
    owner: grp-platform
    ticket: CHG-1
    approved_by: grp-change
    expires: 2027-01-31
"""


@pytest.fixture(autouse=True)
def _own_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def load(text: str, policy: ExemptionPolicy | None = None) -> tuple[tuple[Exemption, ...], list[str]]:
    Path("exemptions.yaml").write_text(HEAD + text, "utf-8")
    found, notes = load_exemptions("exemptions.yaml", policy)
    return found, [f"{note.input}:{note.line}: {note.reason}" for note in notes]


def refused(text: str) -> str:
    Path("exemptions.yaml").write_text(text, "utf-8")
    with pytest.raises(ExemptionError) as caught:
        load_exemptions("exemptions.yaml")
    return caught.value.diagnostics()


def test_everything_that_can_be_said() -> None:
    assert load(ONE) == (
        (
            Exemption(
                id="EX-1",
                rules=("ISO-029", "IMG-*"),
                reason="the node agent reads volumes",
                source="file",
                file="exemptions.yaml",
                line=3,
                selector={
                    "cluster": "aks-*",
                    "namespace": "velero,erp-*-prd",
                    "tenant": "birch",
                    "labels.app.kubernetes.io/name": "web",
                },
                owner="grp-platform",
                ticket="CHG-1",
                approved_by="grp-change",
                expires=date(2027, 1, 31),
            ),
        ),
        [],
    )


def test_it_covers_what_it_says() -> None:
    found, _ = load(ONE)
    labels = {"app.kubernetes.io/name": "web"}
    assert apply((finding(),), found, TODAY, ExemptionPolicy(), lambda _: labels).used == found
    assert apply((finding(),), found, TODAY, ExemptionPolicy(), lambda _: {}).unused == found


def test_none_at_all() -> None:
    Path("exemptions.yaml").write_text("apiVersion: exemptions/v1\nexemptions: []\n")
    assert load_exemptions("exemptions.yaml") == ((), ())


REMEDY = "or take it out of exemptions.require in bulkhead.yaml"


@pytest.mark.parametrize(
    ("old", "new", "policy", "note"),
    [
        ("    expires: 2027-01-31\n", "", None, f"expires is missing; add it, {REMEDY}"),
        ("    owner: grp-platform\n", "", None, f"owner is missing; add it, {REMEDY}"),
        ("    ticket: CHG-1\n", "", ExemptionPolicy(require=("ticket",)), f"ticket is missing; add it, {REMEDY}"),
        (
            "    expires:",
            "    approved: 2026-10-01\n    expires:",
            ExemptionPolicy(max_days=100),
            "it lasts 122 days; 100 at most are permitted (exemptions.max_days)",
        ),
    ],
)
def test_what_is_not_permitted_is_told_and_does_nothing(
    old: str, new: str, policy: ExemptionPolicy | None, note: str
) -> None:
    assert old in ONE
    assert load(ONE.replace(old, new), policy) == ((), [f"exemptions.yaml:3: exemption EX-1 is not applied: {note}"])


def test_without_a_duty_to_expire_it_may_last() -> None:
    found, notes = load(ONE.replace("    expires: 2027-01-31\n", ""), ExemptionPolicy(require=("reason",)))
    assert [one.expires for one in found] == [None]
    assert notes == []


MISTAKES = yaml.safe_load((Path(__file__).parent / "mistakes.yaml").read_text("utf-8"))


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake["fault"])
def test_a_broken_file_stops_the_run(mistake: dict[str, str]) -> None:
    assert refused(mistake["file"]) == (
        f"cannot use exemptions exemptions.yaml: it has one fault\n  exemptions.yaml{mistake['fault']}\n"
        "  help: each exemption needs rules, selector, reason, owner and expires; see docs/exemptions.md"
    )


def test_broken_yaml_and_a_missing_file() -> None:
    assert "\n  exemptions.yaml:3:1: " in refused("exemptions:\n  - {a\n")
    Path("exemptions.yaml").unlink()
    with pytest.raises(ExemptionError, match="it has one fault") as caught:
        load_exemptions("exemptions.yaml")
    assert str(caught.value.details[0]) == "exemptions.yaml: cannot read file: no such file or directory"


def test_the_schema() -> None:
    published = schema("exemptions")
    Draft202012Validator.check_schema(published)
    fields = published["properties"]["exemptions"]["items"]["properties"]
    assert all(part.get("description") for part in fields.values())


def test_exemptions_of_the_estate() -> None:
    (one,) = items_of_estate(estate())
    assert (one.id, one.rules, one.selector) == ("EX-1", ("GOV-*",), {"tenant": "t02"})
    assert (one.owner, one.approved_by, one.ticket) == ("grp-platform", "grp-change", "CHG-1")
    assert (one.file, one.line, one.expires) == ("estate.yaml", 84, date(2027, 1, 31))
    assert apply((finding("GOV-001"),), (one,), TODAY, ExemptionPolicy()).used == (one,)


def test_every_part_of_a_scope_must_match() -> None:
    scope = "scope: {tenant: [t02, t03], environment: [production], cluster: [aks-prd], namespace: [erp-*]}"
    (one,) = items_of_estate(estate(("scope: {tenant: [t02]}", scope)))
    assert one.selector == {
        "tenant": "t02,t03",
        "environment": "production",
        "cluster": "aks-prd",
        "namespace": "erp-*",
    }
    assert apply((finding("GOV-001"),), (one,), TODAY, ExemptionPolicy()).used == (one,)


def test_one_that_lasts_longer_than_the_estate_permits_does_nothing() -> None:
    assert items_of_estate(estate(("approved: 2026-11-10", "approved: 2026-11-01"))) == ()


def test_the_fixture_can_be_used() -> None:
    found, notes = load_exemptions(str(EXAMPLE.parent / "exemptions.yaml"), ExemptionPolicy())
    assert found
    assert notes == ()

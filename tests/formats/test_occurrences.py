"""Findings that are about several instances of one declaration, as each format shows them."""

import json
from dataclasses import replace

from scanner.formats import format_named
from scanner.formats.interface import Presentation
from scanner.model.finding import Finding, Occurrence, Related
from scanner.model.location import Location, Region
from scanner.model.tenancy import Standing, Tenancy
from scanner.report import Report
from tests.formats.builder import DUNMORE, KESTREL, at, finding, report, rule

RULE = rule("ENC-001", "Storage speaks TLS 1.2", applies_to=("Microsoft.Storage/storageAccounts",))
CALL = Location("live/main.tf", (), Region(1, 1, 1, 16))


def occurrence(name: str, tenancy: Tenancy, root: str = "live") -> Occurrence:
    address = f'module.tenant["{name}"].azurerm_storage_account.this'
    return Occurrence(f"{root}:{address}", address, name * 32, tenancy)


def several(*occurrences: Occurrence) -> Finding:
    first = occurrences[0]
    one = finding(RULE, "Deployment a/b", "minimumTlsVersion is 'TLS1_0'", at("modules/storage/main.tf", 10))
    return replace(
        one,
        resource=first.resource,
        type="Microsoft.Storage/storageAccounts",
        address=first.address,
        occurrences=occurrences,
        tenancy=Tenancy(Standing.SEVERAL),
        related=(Related("", "called here", CALL),),
    )


def rendered(name: str, about: Report, *, verbose: bool = False) -> str:
    presentation = Presentation(color=False, width=120, include_passes=False, verbose=verbose)
    return "".join(format_named(name).render(about, presentation))


WHOLE = report([RULE], [several(occurrence("a", DUNMORE), occurrence("b", KESTREL))])


def test_text_names_the_first_and_lists_the_others() -> None:
    text = rendered("text", WHOLE)
    head = next(line for line in text.splitlines() if "and 1 more" in line)
    assert head.split() == ['module.tenant["a"].azurerm_storage_account.this', "and", "1", "more", "several", "tenants"]
    assert 'in: module.tenant["a"].azurerm_storage_account.this, module.tenant["b"]' in text
    assert "see: live/main.tf:1:1 called here" in text


def test_what_several_messages_have_in_common_is_said_once() -> None:
    first = several(occurrence("a", DUNMORE), occurrence("b", KESTREL))
    text = rendered("text", report([RULE], [first, replace(first, message="and another thing")]))
    assert text.count("in: module.tenant") == text.count("called here") == 1
    assert text.index("and another thing") < text.index("in: module.tenant")


def test_every_tenant_is_counted() -> None:
    text = rendered("text", WHOLE)
    assert "dunmore" in text
    assert "kestrel" in text
    assert json.loads(rendered("json", WHOLE))["counts"]["by_tenant"] == {"t04": 1, "t11": 1}


def test_json_has_an_entry_for_each() -> None:
    (found,) = json.loads(rendered("json", WHOLE))["findings"]
    assert found["tenancy"]["standing"] == "several"
    assert found["tenant"] is None
    assert [one["tenant"] for one in found["occurrences"]] == ["t04", "t11"]
    assert found["related"][0]["resource"] == ""


def test_sarif_has_one_result_with_a_logical_location_for_each() -> None:
    (found,) = json.loads(rendered("sarif", WHOLE))["runs"][0]["results"]
    assert found["occurrenceCount"] == 2
    assert [one["name"] for one in found["locations"][0]["logicalLocations"]] == [
        'module.tenant["a"].azurerm_storage_account.this',
        'module.tenant["b"].azurerm_storage_account.this',
    ]
    assert found["properties"]["tenants"] == ["t04", "t11"]
    assert found["relatedLocations"][0]["message"]["text"] == "called here"


def test_an_address_that_occurs_twice_is_told_apart_by_its_key() -> None:
    text = rendered("text", report([RULE], [several(occurrence("a", DUNMORE), occurrence("a", DUNMORE, "other"))]))
    assert "in: live:module.tenant" in text
    assert "other:module.tenant" in text


def test_a_key_with_many_folders_is_not_taken_for_a_kubernetes_object() -> None:
    one = several(occurrence("a", DUNMORE, "a/b/c/d/e"))
    text = rendered("text", report([RULE], [replace(one, occurrences=(), address="")]))
    assert 'a/b/c/d/e:module.tenant["a"].azurerm_storage_account.this' in text


def test_a_place_in_a_plan_shows_no_text() -> None:
    place = replace(several(occurrence("a", DUNMORE)), location=Location(__file__, (), Region(1, 1, 1, 5), secret=True))
    text = rendered("text", report([RULE], [place]))
    assert "the text of a plan or state is not shown" in text
    assert "Findings that are about" not in text

"""One Finding for many instances of one declaration, and an identity that does not move when there is one more."""

from dataclasses import replace
from typing import Any

from scanner.engine.identity import fingerprint
from scanner.model.exemption import Exemption
from scanner.model.finding import Finding, Related
from scanner.model.location import Location, Region
from scanner.model.severity import Severity
from scanner.model.tenancy import Standing, Tenancy
from scanner.model.verdict import Verdict
from scanner.report.occurrences import together

DECLARED = "live:module.tenant[*].azurerm_storage_account.this"
PLACE = Location("modules/storage/main.tf", ("properties", "minimumTlsVersion"), Region(3, 3, 3, 20))


def instance(tenant: str, **changes: Any) -> Finding:
    """Return the Finding on the instance of one tenant."""
    address = f'module.tenant["{tenant}"].azurerm_storage_account.this'
    key = f"live:{address}"
    found = Finding(
        "ENC-001",
        Severity.HIGH,
        Verdict.FAIL,
        key,
        "Microsoft.Storage/storageAccounts",
        "minimumTlsVersion is 'TLS1_0'; at least TLS1_2 is required",
        PLACE,
        "properties.minimumTlsVersion",
        fingerprint("ENC-001", key, "properties.minimumTlsVersion"),
        related=(Related("", "module.tenant is called here", Location("live/main.tf", (), Region(9, 1, 9, 16))),),
        address=address,
        declared=DECLARED,
    )
    return replace(found, **changes)


def test_instances_that_say_the_same_are_one_finding() -> None:
    (found,) = together([instance("b"), instance("a"), instance("c")])

    assert [one.address for one in found.occurrences] == [
        f'module.tenant["{tenant}"].azurerm_storage_account.this' for tenant in "abc"
    ]
    assert found.resource == found.occurrences[0].resource
    assert len({one.fingerprint for one in found.occurrences}) == 3
    assert len(found.related) == 1


def test_a_finding_alone_has_no_occurrences_but_the_identity_of_its_declaration() -> None:
    (found,) = together([instance("a")])

    assert found.occurrences == ()
    assert found.fingerprint == fingerprint("ENC-001", DECLARED, "properties.minimumTlsVersion")


def test_one_more_tenant_changes_no_fingerprint() -> None:
    (one,) = together([instance("b")])
    (two,) = together([instance("b"), instance("c")])
    (three,) = together([instance("a"), instance("b"), instance("c")])

    assert one.fingerprint == two.fingerprint == three.fingerprint


def test_what_fails_in_another_way_stays_apart_with_an_identity_of_its_own() -> None:
    before = together([instance("a"), instance("b")])
    other = instance("c", message="minimumTlsVersion is 'TLS1_1'; at least TLS1_2 is required")
    after = together([instance("a"), instance("b"), other])

    assert after[0].fingerprint == before[0].fingerprint
    assert len({one.fingerprint for one in after}) == 2
    assert after[1].occurrences == ()


def test_a_verdict_that_differs_stays_apart() -> None:
    unknown = instance("b", verdict=Verdict.UNKNOWN, message="var.tls has no value")
    assert len(together([instance("a"), unknown])) == 2


def test_an_exemption_for_one_instance_does_not_hide_the_others() -> None:
    exemption = Exemption("x", ("ENC-001",), "accepted", "file", "exemptions.yaml", 3)
    found = together([instance("a").with_exemption(exemption), instance("b"), instance("c")])

    assert [(one.exemption is not None, len(one.occurrences)) for one in found] == [(True, 0), (False, 2)]


def test_callers_of_a_shared_module_are_one_finding_with_every_call() -> None:
    def called(name: str) -> Finding:
        call = Related("", f"module.{name} is called here", Location("live/main.tf", (), Region(len(name), 1, 9, 1)))
        return instance(
            name,
            declared=f"live:module.{name}.azurerm_storage_account.this",
            address=f"module.{name}.x",
            related=(call,),
        )

    (found,) = together([called("logs"), called("data2")])
    assert [one.address for one in found.occurrences] == ["module.data2.x", "module.logs.x"]
    assert [one.message for one in found.related] == ["module.data2 is called here", "module.logs is called here"]


def test_a_plan_and_its_configuration_speak_of_the_same_instance() -> None:
    (found,) = together([instance("a"), instance("a")])
    assert found.occurrences == ()


def test_without_the_configuration_the_declaration_stands_for_the_place() -> None:
    places = [Location("plan.json", PLACE.path, Region(1, column, 1, column + 5), secret=True) for column in (10, 90)]
    (found,) = together([instance(name, location=place) for name, place in zip("ab", places, strict=True)])
    assert len(found.occurrences) == 2


def test_of_several_tenants_it_is_no_single_ones() -> None:
    def of(tenant: str) -> Tenancy:
        return Tenancy(Standing.TENANT, tenant, tenant)

    (found,) = together(
        [instance("a", tenancy=of("t1")), instance("b", tenancy=of("t2")), instance("c", tenancy=of("t1"))]
    )
    assert found.tenancy.standing is Standing.SEVERAL
    assert found.tenants == ("t1", "t2")
    (same,) = together([instance("a", tenancy=of("t1")), instance("b", tenancy=of("t1"))])
    assert same.tenancy == of("t1")


def test_manifests_are_left_as_they_are() -> None:
    plain = [instance(name, declared="", address="") for name in "aab"]
    assert together(plain) == tuple(plain)
    mixed = together([*plain, instance("a"), instance("b")])
    assert mixed[:3] == tuple(plain)
    assert len(mixed) == 4

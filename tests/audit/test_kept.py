"""What lies in the work file answers every lookup as an Inventory in memory does."""

import multiprocessing
from collections.abc import Hashable, Iterable, Iterator
from pathlib import Path

import pytest

from scanner.audit.kept import KeptInventory
from scanner.audit.summary import summary_of_page
from scanner.audit.work_file import WorkFile
from scanner.engine.pages import PageVerdicts
from scanner.estate import load_estate
from scanner.inventory import Inventory
from scanner.model.resource import Resource
from scanner.sources.repository import RepositorySource
from tests.audit.estates import CLUSTERS, ESTATE
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def inventory() -> Inventory:
    folder = ROOT / "fixtures" / "erp-hosting" / "clusters"
    clusters = {name: str(folder / name) for name in CLUSTERS}
    source = RepositorySource(list(clusters.values()), base=str(ROOT), clusters=clusters)
    resources = [resource for page in source.pages() for resource in page.read().resources]
    return Inventory(resources).resolved(load_estate(str(ESTATE)))


@pytest.fixture
def work(inventory: Inventory, tmp_path: Path) -> Iterator[WorkFile]:
    work = WorkFile(str(tmp_path / "audit.work"))
    for number, retained in enumerate((tuple(inventory)[::2], tuple(inventory)[1::2])):
        verdicts = PageVerdicts((), (), (), retained, {}, (), (), ())
        work.keep(1, "clusters", str(number), b"x", "attempt", summary_of_page(verdicts))
    work.index_kept()
    yield work
    work.close()


@pytest.fixture
def kept(work: WorkFile) -> Iterator[KeptInventory]:
    kept = KeptInventory(work.path)
    yield kept
    kept.close()


def _owner(resource: Resource) -> Iterable[Hashable]:
    yield (resource.cluster, resource.labels.get("erp.example.net/tenant"))
    yield resource.name


def test_every_lookup_gives_the_same(inventory: Inventory, kept: KeptInventory) -> None:
    assert len(kept) == len(inventory) > 1_000
    assert list(kept) == list(inventory)
    for one in inventory:
        assert kept.get(one.type, one.cluster, one.namespace, one.name) == inventory.get(
            one.type, one.cluster, one.namespace, one.name
        )
        for lookup in ((one.type,), (one.type, one.cluster), (one.type, one.cluster, one.namespace)):
            assert kept.of_type(*lookup) == inventory.of_type(*lookup)
        if one.tenancy.tenant:
            assert kept.of_tenant(one.tenancy.tenant, one.type) == inventory.of_tenant(one.tenancy.tenant, one.type)
        assert kept.owner(one) == inventory.owner(one)
    assert kept.get("core/Pod", "nowhere", "", "nothing") is None
    assert kept.of_type("core/Nothing") == ()


def test_what_is_declared_is_known(tmp_path: Path) -> None:
    source = RepositorySource([str(ROOT / "fixtures" / "erp-hosting" / "terraform")], base=str(ROOT))
    declared = Inventory([resource for page in source.pages() for resource in page.read().resources])
    ids = [id_ for one in declared if (id_ := one.attributes.get("id"))]
    assert len(ids) > 100
    for inventory, is_any in ((declared, True), (Inventory(), False)):
        work = WorkFile(str(tmp_path / f"{is_any}.work"))
        verdicts = PageVerdicts((), (), (), tuple(inventory), {}, (), (), ())
        work.keep(1, "terraform", "1", b"x", "attempt", summary_of_page(verdicts))
        work.index_kept()
        kept = KeptInventory(work.path)
        for one in (inventory, kept):
            assert {one.declares(id_.upper()) for id_ in ids} == {is_any}
            assert not one.declares("/subscriptions/nobody")
        kept.close()
        work.close()


def test_selectors_select_the_same(inventory: Inventory, kept: KeptInventory) -> None:
    found = 0
    for one in inventory.of_type("apps/Deployment"):
        selector = one.value("spec", "selector")
        expected = list(inventory.selected(selector, "apps/Deployment", one.cluster, one.namespace))
        assert list(kept.selected(selector, "apps/Deployment", one.cluster, one.namespace)) == expected
        found += len(expected)
    assert found > 20


@pytest.mark.parametrize("types", [(), ("apps/Deployment", "core/Service")])
def test_an_index_of_ones_own_gives_the_same(types: tuple[str, ...], inventory: Inventory, kept: KeptInventory) -> None:
    expected, given = inventory.grouped(_owner, *types), kept.grouped(_owner, *types)
    assert len(given) == len(expected) > 10
    assert set(given) == set(expected)
    assert all(given[value] == found for value, found in expected.items())
    assert all(kept.first(_owner, value, *types) == found[0] for value, found in expected.items())
    assert all(inventory.first(_owner, value, *types) == found[0] for value, found in expected.items())
    assert kept.first(_owner, "nobody's", *types) is None
    assert kept.has_any(*types, "apps/Deployment")
    assert not kept.has_any("core/Nothing")
    assert given.get("nobody's") is None
    assert "nobody's" not in given


def _look(path: str) -> int:
    kept = KeptInventory(path)
    return sum(len(found) for found in kept.grouped(_owner, "apps/Deployment").values())


def test_processes_share_an_index(work: WorkFile) -> None:
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        found = pool.map(_look, [work.path] * 6)
    assert len(set(found)) == 1
    assert found[0] > 20

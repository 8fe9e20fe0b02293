"""The part of the dashboard on drift: classes, both sides, who and since when, timelines; what a tenant sees of it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest

pytest.importorskip("alembic", reason="the extra 'audit' is not installed")
if find_spec("pygal") is None:  # not imported here: it changes how everything else is imported
    pytest.skip("the extra 'audit' is not installed", allow_module_level=True)

from scanner.audit.dashboard import drift as part
from scanner.audit.dashboard import overview, page, table
from scanner.audit.store import Store, open_store
from scanner.drift.findings import RULES
from scanner.drift.model import DriftClass
from scanner.model.finding import Finding
from scanner.model.moment import Moment
from scanner.model.verdict import Verdict
from tests.audit.dashboard.test_dashboard import Tags, text_of
from tests.audit.store.runs import begin, found, made
from tests.audit.store.test_drift import ASKED, SCOPES, SIDES, drifted, own
from tests.formats.builder import KESTREL, PLATFORM

GONE, UNTOLD = RULES[DriftClass.MISSING], RULES[DriftClass.UNREADABLE]
EVIL = "<script>alert(1)</script>"


def night(store: Store, *findings: Finding, day: int) -> int:
    run = begin(store, scopes=SCOPES, day=day)
    moments = {one.resource: (Moment("2026-10-30T10:00:00.123Z", f"changed by kestrel {EVIL}"),) for one in findings}
    report = replace(made(*findings, rules=(*ASKED, GONE)), timelines=moments)
    assert store.record(run, report, own=own)
    return run


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Three nights: one is drifted all the time, one mended, one missing, one untold, one another tenant's."""
    one = open_store(f"sqlite:///{tmp_path_factory.mktemp('dashboard') / 'audit.db'}")
    night(one, drifted(difference=SIDES._replace(live=EVIL)), drifted("mended"), day=0)
    night(one, drifted(difference=SIDES._replace(live=EVIL)), day=1)
    night(
        one,
        drifted(difference=SIDES._replace(live=EVIL)),
        replace(found("gone", about=GONE), difference=SIDES._replace(attribute="", live="")),
        found("untold", about=UNTOLD, verdict=Verdict.UNKNOWN),
        drifted("theirs", tenancy=KESTREL),
        drifted("ours", tenancy=PLATFORM),
        day=9,
    )
    yield one
    one.close()


def test_it_says_how_much_of_each_class_and_both_sides_with_who_and_since_when(store: Store) -> None:
    html = "".join(page(overview(store, 3)))
    told = text_of(html)
    assert "Drift 4 differences on 4 resources 3 changed 1 missing 0 unmanaged 0 orphaned 1 unreadable" in told
    assert "spec.replicas applied and changed by hand 2 &lt;script&gt;alert(1)&lt;/script&gt; written by kes" in told
    assert "2026-11-01 9 days" in told
    assert "A declared resource is not there" in told
    assert "<em>nothing</em>" in html
    assert "2026-11-10 today" in told
    assert "2026-10-30 10:00:00 changed by kestrel &lt;script&gt;" in told
    assert "2026-11-01 02:00:00 spec.replicas is not as declared, first seen by run 1" in told
    tags = Tags()
    tags.feed(html)
    assert tags.open == []
    assert "script" not in tags.seen


def test_what_is_mended_has_its_timeline_in_the_run_that_found_it_so(store: Store) -> None:
    assert "No longer drifted 1 resource" in text_of("".join(page(overview(store, 2))))
    told = text_of("".join(part.drift(overview(store, 2))))
    assert "spec.replicas is as declared again, run 2" in told
    assert "No longer drifted" not in text_of("".join(page(overview(store, 3))))


def test_a_tenant_sees_its_own_drift_only(store: Store) -> None:
    html = "".join(page(overview(store, 3, tenant="t04")))
    told = text_of(html)
    assert "Drift 2 differences on 2 resources 1 changed 1 missing 0 unmanaged 0 orphaned 1 unreadable" in told
    assert "written by another" in told
    assert not re.search("kestrel|theirs|ours", html)
    assert "<h2>Drift" not in "".join(page(overview(store, 3, tenant="t99")))


def test_a_run_that_compared_and_found_nothing_says_so_and_one_that_did_not_says_nothing(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'audit.db'}")
    night(store, day=0)
    begun = begin(store, day=1)
    store.record(begun, made())
    assert "Drift none 0 changed" in text_of("".join(page(overview(store, 1))))
    assert "<h2>Drift" not in "".join(page(overview(store, 2)))
    store.close()


def test_a_large_estate_is_cut_and_says_where_the_rest_is(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(part, "MOST", 1)
    told = text_of("".join(page(overview(store, 3))))
    assert "and 3 more resources: the CSV report has all" in told
    assert len("".join(table(overview(store, 3))).splitlines()) == 1 + 5

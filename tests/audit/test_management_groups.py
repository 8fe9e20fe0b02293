"""A management group of the estate: an audit reads what is below it, declared or not."""

from pathlib import Path

import pytest

pytest.importorskip("azure.identity", reason="the extra 'azure' is not installed")
pytest.importorskip("orjson", reason="the extra 'kubernetes' is not installed")

from scanner.report import Report
from tests.audit.estates import ESTATE, audit, flags, inline
from tests.sources.azure.asking import client
from tests.sources.azure.clock import FakeTime
from tests.sources.azure.conftest import SUBSCRIPTIONS, azure, certificates, time
from tests.tools.azure_server import AzureServer

__all__ = ["azure", "certificates", "time"]

DECLARED = {f"00000000-0000-0000-0000-000000000{number}": SUBSCRIPTIONS[number - 101] for number in (101, 102, 103)}
GROUP = "/providers/Microsoft.Management/managementGroups/root"


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    """The example estate, its three subscriptions among the ten that are there, below one group."""
    text = ESTATE.read_text("utf-8")
    for id_, there in DECLARED.items():
        text = text.replace(id_, there)
    path = tmp_path / "estate.yaml"
    path.write_text(f"{text}\nmanagementGroups: [root]\n", "utf-8")
    return path


def audited(
    server: AzureServer, clock: FakeTime, estate: Path, monkeypatch: pytest.MonkeyPatch, **others: object
) -> Report:
    connected = client(server, clock)
    given = flags({}, estate.parent / "work", estate=str(estate), azure=True, only=("GOV-008",), **others)
    with inline(monkeypatch), monkeypatch.context() as patched:
        patched.setattr("scanner.sources.azure.sign_in.credential_for", lambda cloud: None)
        patched.setattr("scanner.sources.azure.client.ArmClient", lambda *_: connected)
        return audit(given)


def unknown(report: Report) -> set[str]:
    return {one.resource.removeprefix("/subscriptions/") for one in report.findings}


def test_a_subscription_below_the_group_that_nobody_declared_is_a_finding(
    azure: AzureServer, time: FakeTime, estate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = audited(azure, time, estate, monkeypatch)
    assert unknown(report) == set(SUBSCRIPTIONS) - set(DECLARED.values())
    read = {entry.input for entry in report.ledger if entry.input.startswith("/subscriptions/")}
    assert read == {f"/subscriptions/{id_}" for id_ in SUBSCRIPTIONS}
    assert not {entry.input for entry in report.incomplete()} & read
    assert azure.writes() == []


def test_a_group_that_cannot_list_its_subscriptions_makes_the_run_incomplete(
    azure: AzureServer, time: FakeTime, estate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    azure.hidden = {GROUP}
    report = audited(azure, time, estate, monkeypatch)
    assert GROUP in {entry.input for entry in report.incomplete()}


def test_only_some_subscriptions_leave_the_group_out_and_say_so(
    azure: AzureServer, time: FakeTime, estate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = audited(azure, time, estate, monkeypatch, only_scopes=("sub-erp-*",))
    assert unknown(report) == set()
    (left,) = [entry for entry in report.ledger if entry.input == GROUP]
    assert (left.state.value, left.reason) == ("excluded", "the estate declares it; --only leaves it out")
    assert unknown(audited(azure, time, estate, monkeypatch, only_scopes=("root",))) == set(SUBSCRIPTIONS) - set(
        DECLARED.values()
    )

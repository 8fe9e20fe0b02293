import pickle
from pathlib import Path
from typing import Any

import pytest

from scanner.errors import UsageError
from scanner.model.ledger import LedgerEntry, State, Unseen
from scanner.model.resource import Resource
from scanner.model.unknown import Unknown
from scanner.sources.azure.live import LiveAzure
from scanner.sources.azure.needs import Plan
from tests.sources.azure.asking import client, plan
from tests.sources.azure.clock import FakeTime
from tests.sources.azure.conftest import SUBSCRIPTIONS
from tests.tools.azure_server import AzureServer, Fault, running

ROOT = "/providers/Microsoft.Management/managementGroups/root"
STORAGE = "Microsoft.Storage/storageAccounts"
SETTINGS = "Microsoft.Insights/diagnosticSettings"
SERVERS = "Microsoft.DBforPostgreSQL/flexibleServers"


class Seen:
    """All that a Source gave."""

    def __init__(self, source: LiveAzure) -> None:
        contents = [pickle.loads(pickle.dumps(page)).read() for page in source.pages()]
        self.resources: list[Resource] = [one for content in contents for one in content.resources]
        self.entries: list[LedgerEntry] = [one for content in contents for one in content.entries]
        self.entries += source.entries()

    def of(self, type_: str) -> list[Resource]:
        return [resource for resource in self.resources if resource.type == type_]

    @property
    def incomplete(self) -> dict[str, str]:
        return {entry.input: entry.reason for entry in self.entries if entry.incomplete}


def seen(azure: AzureServer, time: FakeTime, what: Plan, *scopes: str) -> Seen:
    found = Seen(LiveAzure(scopes or (ROOT,), client(azure, time), what))
    assert azure.writes() == []
    return found


@pytest.fixture
def everything() -> Plan:
    return plan("Microsoft.*", f"{STORAGE}/blobServices", f"{SERVERS}/configurations")


def test_everything_below_a_management_group_is_read_once(azure: AzureServer, time: FakeTime, everything: Plan) -> None:
    found = seen(azure, time, everything)
    assert found.incomplete == {}
    assert len(found.of(STORAGE)) == len(found.of(f"{STORAGE}/blobServices")) == len(found.of(SERVERS)) == 10
    assert len(found.of(f"{SERVERS}/configurations")) == 30
    assert len(found.of("Microsoft.Resources/subscriptions")) == 10
    assert len(found.of("Microsoft.Resources/resourceGroups")) == 10
    assert len({resource.key for resource in found.resources}) == len(found.resources) == 80
    scanned = {entry.input for entry in found.entries if entry.input.startswith("/subscriptions/")}
    assert scanned == {f"/subscriptions/{id_}" for id_ in SUBSCRIPTIONS}


def test_subscriptions_of_one_display_name_are_told_apart(azure: AzureServer, time: FakeTime, everything: Plan) -> None:
    found = seen(azure, time, everything).of("Microsoft.Resources/subscriptions")
    assert {resource.name for resource in found} == set(SUBSCRIPTIONS)
    assert {resource.value("properties", "displayName") for resource in found} == {"Production"}


def test_places_come_first_and_are_asked_for_once(azure: AzureServer, time: FakeTime) -> None:
    source = LiveAzure([ROOT], client(azure, time), plan(STORAGE))
    types = {resource.type for page in source.places() for resource in page.read().resources}
    assert types == {"Microsoft.Resources/subscriptions", "Microsoft.Resources/resourceGroups"}
    asked = len(azure.asked("resourcecontainers"))
    pages = list(source.pages())
    assert len(azure.asked("resourcecontainers")) == asked == 1
    assert pages[0].name == "azure/containers/0/0"


def test_only_what_a_rule_needs_is_asked_for(azure: AzureServer, time: FakeTime) -> None:
    found = seen(azure, time, plan(STORAGE), f"/subscriptions/{SUBSCRIPTIONS[3]}")
    assert [resource.key.split("/")[2] for resource in found.of(STORAGE)] == [SUBSCRIPTIONS[3]]
    assert found.of(SERVERS) == []
    assert {request.method for request in azure.log} == {"POST"}


def test_how_a_resource_was_read_makes_no_difference(azure: AzureServer, time: FakeTime, everything: Plan) -> None:
    from tests.sources.azure.rows import resources

    (account,) = seen(azure, time, everything, SUBSCRIPTIONS[0]).of(STORAGE)
    body = client(azure, time).get(f"{account.attributes['id']}?api-version=2023-05-01").value
    assert resources(body)["data"].attributes == account.attributes
    assert resources({"value": [body]})["data"].attributes == account.attributes


def test_pages_of_every_kind_are_followed_to_the_end(azure: AzureServer, time: FakeTime, everything: Plan) -> None:
    azure.page_rows = 2
    found = seen(azure, time, everything)
    assert found.incomplete == {}
    assert len(found.resources) == 80


def test_a_pull_is_divided_by_what_there_is(
    azure: AzureServer, time: FakeTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scanner.sources.azure.queries.FILL", 3)
    found = seen(azure, time, plan(STORAGE, SERVERS))
    assert len(found.of(STORAGE)) == 10
    assert len(azure.asked("% 7 == ")) == 7
    assert found.incomplete == {}


def test_an_answer_that_is_too_large_is_asked_for_in_halves(
    azure: AzureServer, time: FakeTime, everything: Plan
) -> None:
    azure.oversized_above = 3
    found = seen(azure, time, everything)
    assert found.incomplete == {}
    assert len(found.resources) == 80
    assert {request.body["options"]["$top"] for request in azure.asked("| order by id")} >= {1000, 500, 3}


@pytest.mark.parametrize(
    ("setting", "value", "reason"),
    [
        ("truncated", True, "an answer was truncated: resultTruncated is true"),
        ("lost_rows", 2, "10 of 12 rows were answered"),
        ("limit_hit", True, "there are more subscriptions than one query reaches"),
    ],
)
def test_an_answer_that_is_cut_off_is_no_whole_one(
    azure: AzureServer, time: FakeTime, setting: str, value: Any, reason: str
) -> None:
    setattr(azure, setting, value)
    found = seen(azure, time, plan(STORAGE))
    assert reason in found.incomplete.values()


def test_one_of_ten_subscriptions_that_may_not_be_read_is_named(
    azure: AzureServer, time: FakeTime, everything: Plan
) -> None:
    hidden = f"/subscriptions/{SUBSCRIPTIONS[4]}"
    azure.hidden = {hidden}
    for scopes in ((ROOT,), SUBSCRIPTIONS):
        found = seen(azure, time, everything, *scopes)
        assert found.incomplete == {hidden: "it cannot be read: 403 AuthorizationFailed"}
        assert len(found.of(STORAGE)) == 9
        assert not any(hidden in resource.key for resource in found.resources)


def test_a_management_group_whose_subscriptions_may_not_be_listed_is_said(azure: AzureServer, time: FakeTime) -> None:
    azure.hidden = {ROOT}
    found = seen(azure, time, plan(STORAGE))
    assert found.incomplete == {ROOT: "whether all its subscriptions are seen is not known: 403 AuthorizationFailed"}
    assert len(found.of(STORAGE)) == 10


def test_what_a_call_would_have_said_is_unknown(azure: AzureServer, time: FakeTime, everything: Plan) -> None:
    scope = f"/subscriptions/{SUBSCRIPTIONS[0]}/resourceGroups/rg-shop/providers"
    service = f"{scope}/Microsoft.Storage/storageAccounts/data/blobServices/default"
    settings = f"{scope}/Microsoft.DBforPostgreSQL/flexibleServers/db/configurations"
    azure.faults = [Fault(service, 99, 403, "AuthorizationFailed"), Fault(settings, 99, 403, "AuthorizationFailed")]
    found = seen(azure, time, everything)
    reason = "not readable: 403 AuthorizationFailed"
    assert found.incomplete == {service: reason, settings: reason}
    (blobs,) = [one for one in found.of(f"{STORAGE}/blobServices") if one.unknowns]
    assert blobs.key == service.lower()
    assert blobs.attributes["properties"] == Unknown(reason, service)
    (setting,) = [one for one in found.of(f"{SERVERS}/configurations") if one.unknowns]
    assert setting.attributes["id"] == f"{settings}/{{not readable}}"
    assert len(found.of(f"{SERVERS}/configurations")) == 27 + 1


def test_what_may_be_missing_and_where_is_told(azure: AzureServer, time: FakeTime, everything: Plan) -> None:
    server = f"/subscriptions/{SUBSCRIPTIONS[0]}/resourceGroups/rg-shop/providers/{SERVERS}/db"
    azure.faults = [Fault(f"{server}/configurations", 99, 403, "AuthorizationFailed")]
    azure.hidden = {f"/subscriptions/{SUBSCRIPTIONS[4]}"}
    unseen = {entry.unseen for entry in seen(azure, time, everything, *SUBSCRIPTIONS).entries if entry.unseen}
    assert unseen == {
        Unseen((server.lower(),), (f"{SERVERS}/configurations",)),
        Unseen((f"/subscriptions/{SUBSCRIPTIONS[4]}",)),
    }


def test_a_table_that_is_not_answered_may_hold_anything_of_its_types(azure: AzureServer, time: FakeTime) -> None:
    azure.hidden_tables = {"authorizationresources"}
    found = seen(azure, time, plan("Microsoft.Authorization/roleAssignments"), *SUBSCRIPTIONS[:2])
    (entry,) = [entry for entry in found.entries if entry.incomplete]
    types = ("microsoft.authorization/roleassignments", "microsoft.authorization/roledefinitions")
    assert entry.unseen == Unseen(tuple(f"/subscriptions/{id_}" for id_ in sorted(SUBSCRIPTIONS[:2])), types)


def test_a_setting_that_is_asked_of_a_service_is_missing_for_its_account(azure: AzureServer, time: FakeTime) -> None:
    account = (
        f"/subscriptions/{SUBSCRIPTIONS[0]}/resourceGroups/rg-shop/providers/Microsoft.Storage/storageAccounts/data"
    )
    path = f"{account}/blobServices/default/providers/{SETTINGS}"
    azure.faults = [Fault(path, 99, 403, "AuthorizationFailed")]
    found = seen(azure, time, plan(STORAGE, looks_up=[SETTINGS]))
    (entry,) = [entry for entry in found.entries if entry.incomplete]
    assert entry.unseen == Unseen((account.lower(),), (SETTINGS,))


def test_a_child_that_is_not_there_is_no_gap(azure: AzureServer, time: FakeTime, everything: Plan) -> None:
    del azure.resources[next(id_ for id_ in azure.resources if id_.endswith("/blobservices/default"))]
    found = seen(azure, time, everything)
    assert found.incomplete == {}
    assert len(found.of(f"{STORAGE}/blobServices")) == 9


def test_a_provider_that_is_not_registered_is_noted_and_left_alone(azure: AzureServer, time: FakeTime) -> None:
    azure.faults = [Fault("/providers/Microsoft.Authorization/locks", 99, 409, "MissingSubscriptionRegistration")]
    found = seen(azure, time, plan("Microsoft.Authorization/locks"))
    assert found.incomplete == {}
    notes = [entry for entry in found.entries if "not registered" in entry.reason]
    assert [entry.state for entry in notes] == [State.SCANNED] * 10


def test_a_list_that_leads_to_another_host_is_not_followed(
    azure: AzureServer, time: FakeTime, everything: Plan, certificates: Path
) -> None:
    other = AzureServer()
    with running(other, certificates):
        azure.page_rows, azure.next_link = 2, f"{other.url}/stolen?api-version=1"
        found = seen(azure, time, everything)
    assert other.log == []
    assert set(found.incomplete.values()) == {"not readable: refused: the answer leads to another host, '127.0.0.1'"}
    assert len(found.incomplete) == 10


def test_pages_that_lead_in_a_circle_end(azure: AzureServer, time: FakeTime, everything: Plan) -> None:
    azure.page_rows = 2
    path = f"/subscriptions/{SUBSCRIPTIONS[0]}/resourcegroups/rg-shop/providers/microsoft.dbforpostgresql"
    azure.next_link = f"{azure.url}{path}/flexibleservers/db/configurations?api-version=1"
    found = seen(azure, time, everything)
    assert set(found.incomplete.values()) == {"not readable: its pages lead in a circle"}


@pytest.mark.parametrize("token", ["expired", "tenant"])
def test_a_token_that_is_not_taken_is_one_entry_and_nothing_is_judged(
    azure: AzureServer, time: FakeTime, everything: Plan, token: str
) -> None:
    azure.token = token
    found = seen(azure, time, everything, *SUBSCRIPTIONS)
    assert found.resources == []
    ((input_, reason),) = found.incomplete.items()
    assert input_ == "azure"
    assert reason.startswith("401 ")
    assert len(azure.log) == 1


def test_an_azure_that_does_not_answer_is_one_entry(azure: AzureServer, time: FakeTime, everything: Plan) -> None:
    azure.faults = [Fault("", 999, how="reset")]
    found = seen(azure, time, everything, *SUBSCRIPTIONS)
    ((input_, reason),) = found.incomplete.items()
    assert input_ == "azure"
    assert reason.startswith("no answer: ")
    assert len(azure.log) == 8


def test_an_azure_that_stops_answering_is_not_asked_forever(azure: AzureServer, time: FakeTime) -> None:
    source = LiveAzure([ROOT], client(azure, time), plan("Microsoft.*", "Microsoft.Authorization/roleAssignments"))
    pages = source.pages()
    next(pages)
    azure.faults = [Fault("", 999, how="reset")]
    assert list(pages) == []
    first, *_ = source.entries()
    assert (first.input, first.state, first.incomplete) == ("azure", State.UNREACHABLE, True)
    assert first.reason.startswith("no answer: ")
    assert len(azure.log) == 2 + 3 * 8


def test_a_token_that_expires_in_between_ends_the_run_where_it_is(
    azure: AzureServer, time: FakeTime, everything: Plan
) -> None:
    source = LiveAzure([ROOT], client(azure, time), everything)
    pages = source.pages()
    assert next(pages).read().resources
    azure.token = "expired"
    rest = [page.read() for page in pages]
    assert sum(len(content.resources) for content in rest) < 60
    assert source.entries()[0] == LedgerEntry(
        "azure",
        State.UNREACHABLE,
        "401 ExpiredAuthenticationToken: the token has expired; sign in again",
        incomplete=True,
        unseen=Unseen(("/subscriptions",)),
    )


def test_faults_on_the_way_change_nothing(azure: AzureServer, time: FakeTime, everything: Plan) -> None:
    undisturbed = {resource.key: resource.attributes for resource in seen(azure, time, everything).resources}
    azure.quota = (2, 5.0)
    azure.faults = [
        Fault("blobServices", 2, how="reset"),
        Fault("configurations", 2, how="truncate"),
        Fault("resourcecontainers", 1, how="html"),
        Fault("order by id", 2, 503, "ServiceUnavailable"),
        Fault("configurations", 3, 429, "TooManyRequests", {"Retry-After": "2"}),
    ]
    found = seen(azure, time, everything)
    assert found.incomplete == {}
    assert {resource.key: resource.attributes for resource in found.resources} == undisturbed


def test_grants_above_several_subscriptions_come_once(
    azure: AzureServer, time: FakeTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scanner.sources.azure.live.in_groups", _threes)
    above = f"{ROOT}/providers/Microsoft.Authorization/roleAssignments/a"
    below = f"/subscriptions/{SUBSCRIPTIONS[1]}/providers/Microsoft.Authorization/roleAssignments/b"
    for id_ in (above, below):
        azure.add(id_, properties={"principalId": "p"})
    for scopes in ((ROOT,), SUBSCRIPTIONS):
        found = seen(azure, time, plan("Microsoft.Authorization/roleAssignments"), *scopes)
        assert sorted(one.name for one in found.of("Microsoft.Authorization/roleAssignments")) == ["a", "b"]


def _threes(subscriptions: Any) -> Any:
    from scanner.sources.azure.graph import in_groups

    return in_groups(subscriptions, 3)


def test_the_configuration_of_a_site_is_in_the_site(azure: AzureServer, time: FakeTime) -> None:
    site = f"/subscriptions/{SUBSCRIPTIONS[0]}/resourceGroups/rg-Shop/providers/Microsoft.Web/sites/web"
    azure.add(site, kind="app", location="westeurope", properties={"siteConfig": None, "httpsOnly": True})
    azure.add(f"{site}/config/web", properties={"minTlsVersion": "1.2"})
    found = seen(azure, time, plan("Microsoft.Web/sites", "Microsoft.Web/sites/config"))
    (web,) = found.of("Microsoft.Web/sites")
    assert web.value("properties", "siteConfig", "minTlsVersion") == "1.2"


def test_settings_of_diagnostics_are_asked_for_where_a_rule_judges_by_them(azure: AzureServer, time: FakeTime) -> None:
    scope = f"/subscriptions/{SUBSCRIPTIONS[0]}"
    service = f"{scope}/resourceGroups/rg-Shop/providers/{STORAGE}/data/blobServices/default"
    for target in (service, scope):
        azure.add(f"{target}/providers/{SETTINGS}/all", properties={"workspaceId": "w"})
    needed = plan(STORAGE, "Microsoft.Resources/subscriptions", "Microsoft.Insights/components", looks_up=[SETTINGS])
    found = seen(azure, time, needed)
    assert [one.attributes["scope"] for one in found.of(SETTINGS)] == [service.replace("rg-Shop", "rg-shop"), scope]
    assert len(azure.asked("diagnosticSettings")) == 30
    assert found.incomplete == {}


def test_a_type_without_diagnostics_is_no_gap(azure: AzureServer, time: FakeTime) -> None:
    azure.faults = [Fault("/flexibleServers/db/providers/", 99, 400, "ResourceTypeNotSupported")]
    assert seen(azure, time, plan(SERVERS, looks_up=[SETTINGS])).incomplete == {}


def test_a_type_that_nothing_gives_makes_a_run_incomplete(azure: AzureServer, time: FakeTime) -> None:
    found = seen(azure, time, plan("Microsoft.Example/things/parts"))
    assert found.incomplete == {
        "azure: microsoft.example/things/parts": "nothing asks live Azure for it, and rules need it: T-001"
    }


def test_a_scope_that_is_none_is_refused(azure: AzureServer, time: FakeTime) -> None:
    with pytest.raises(UsageError, match="cannot read scope 'Production' of Azure"):
        LiveAzure(["Production"], client(azure, time), plan(STORAGE))

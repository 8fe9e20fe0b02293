import subprocess
import sys
import time as real_time
from pathlib import Path

import pytest

from scanner.errors import UsageError
from scanner.sources.azure import queries
from tests.sources.azure.asking import FakeCredential, client
from tests.sources.azure.clock import FakeTime
from tests.sources.azure.conftest import SUBSCRIPTIONS
from tests.tools.azure_server import AzureServer, Fault, running

ONE = f"/subscriptions/{SUBSCRIPTIONS[0]}"
VERSIONED = f"{ONE}?api-version=2022-12-01"


def test_an_answer_is_its_bytes_and_what_they_hold(azure: AzureServer, time: FakeTime) -> None:
    reply = client(azure, time).get(VERSIONED)
    assert reply.value["name"] == "Production"
    assert b'"Production"' in reply.data
    assert [one.path for one in azure.log] == [ONE]


@pytest.mark.parametrize("how", ["reset", "truncate", "html"])
def test_an_answer_that_does_not_arrive_is_asked_for_again(azure: AzureServer, time: FakeTime, how: str) -> None:
    azure.faults = [Fault(ONE, 2, how=how)]
    assert client(azure, time).get(VERSIONED).value["name"] == "Production"
    assert len(azure.log) == 3
    assert len(time.waits) == 2


@pytest.mark.parametrize(("how", "reason"), [("html", "200 with an answer that is no JSON"), ("reset", "no answer: ")])
def test_patience_ends(azure: AzureServer, time: FakeTime, how: str, reason: str) -> None:
    azure.faults = [Fault(ONE, 99, how=how)]
    failure = client(azure, time).get(VERSIONED)
    assert failure.reason.startswith(reason)
    assert failure.reason.endswith(", 8 times")
    assert len(azure.log) == 8
    assert sum(time.waits) < 120


def test_a_throttled_call_waits_as_long_as_it_is_told(azure: AzureServer, time: FakeTime) -> None:
    azure.faults = [Fault(ONE, 5, 429, "TooManyRequests", {"Retry-After": "17"})]
    assert client(azure, time).get(VERSIONED).value["name"] == "Production"
    assert [17 <= wait < 18 for wait in time.waits] == [True] * 5


def test_server_errors_are_waited_out_longer_each_time(azure: AzureServer, time: FakeTime) -> None:
    azure.faults = [Fault(ONE, 5, 503, "ServiceUnavailable")]
    assert client(azure, time).get(VERSIONED).value["name"] == "Production"
    assert all(0.4 * 2**attempt <= wait <= 0.8 * 2**attempt for attempt, wait in enumerate(time.waits))


@pytest.mark.parametrize(
    ("status", "code"), [(400, "InvalidApiVersionParameter"), (403, "AuthorizationFailed"), (404, "ResourceNotFound"),
                         (409, "MissingSubscriptionRegistration"), (422, "Unprocessable")]
)  # fmt: skip
def test_what_will_not_change_is_asked_once(azure: AzureServer, time: FakeTime, status: int, code: str) -> None:
    azure.faults = [Fault(ONE, 9, status, code)]
    failure = client(azure, time).get(VERSIONED)
    assert (failure.reason, failure.status, failure.is_final) == (f"{status} {code}", status, False)
    assert len(azure.log) == 1


def test_a_provider_that_is_not_registered_is_not_registered_by_us(azure: AzureServer, time: FakeTime) -> None:
    azure.faults = [Fault(ONE, 9, 409, "MissingSubscriptionRegistration")]
    client(azure, time).get(f"{ONE}/providers/Microsoft.Insights/diagnosticSettings?api-version=1")
    assert azure.writes() == []
    assert time.waits == []


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        ("expired", "401 ExpiredAuthenticationToken: the token has expired; sign in again"),
        (
            "tenant",
            "401 InvalidAuthenticationTokenTenant: the token is of another tenant; "
            "sign in to the one that the subscriptions are in",
        ),
    ],
)
def test_a_token_that_is_not_taken_ends_everything(azure: AzureServer, time: FakeTime, token: str, reason: str) -> None:
    azure.token = token
    failure = client(azure, time).get(VERSIONED)
    assert (failure.reason, failure.is_final) == (reason, True)
    assert len(azure.log) == 1


def test_a_clock_that_is_wrong_is_named_as_the_cause(azure: AzureServer, time: FakeTime) -> None:
    azure.faults = [Fault(ONE, 1, 401, "InvalidAuthenticationToken", {"Date": "Mon, 01 Jan 2024 00:00:00 GMT"})]
    failure = client(azure, time).get(VERSIONED)
    assert "InvalidAuthenticationToken: the clock here is " in failure.reason
    assert failure.reason.endswith(" s before that of Azure")


def test_nobody_signed_in_is_said_and_nothing_is_sent(azure: AzureServer, time: FakeTime) -> None:
    from azure.core.exceptions import ClientAuthenticationError

    class NoCredential(FakeCredential):
        def get_token_info(self, *scopes: str, options: object = None) -> object:
            raise ClientAuthenticationError("no account is signed in\nsecond line")

    failure = client(azure, time, NoCredential()).get(VERSIONED)
    assert (failure.reason, failure.is_final) == ("cannot sign in: no account is signed in", True)
    assert azure.log == []


def test_another_host_is_never_asked(azure: AzureServer, time: FakeTime, certificates: Path) -> None:
    other = AzureServer()
    with running(other, certificates):
        failure = client(azure, time).get(f"{other.url}{VERSIONED}")
    assert failure.reason == "refused: the answer leads to another host, '127.0.0.1'"
    assert other.log == []
    assert azure.log == []
    assert time.waits == []


def test_a_redirect_is_not_followed(azure: AzureServer, time: FakeTime, certificates: Path) -> None:
    other = AzureServer()
    with running(other, certificates):
        azure.faults = [Fault(ONE, 1, 307, "Moved", {"Location": f"{other.url}{VERSIONED}"})]
        failure = client(azure, time).get(VERSIONED)
    assert failure.reason == "307 Moved"
    assert other.log == []


def test_a_real_credential_goes_to_no_imitation(azure: AzureServer, time: FakeTime) -> None:
    with pytest.raises(UsageError, match="it is none of Azure's clouds"):
        client(azure, time, object())


def test_a_proxy_of_the_environment_is_used_only_where_it_is_meant(
    azure: AzureServer, time: FakeTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    from scanner.sources.azure.client import ArmClient, Connection
    from scanner.sources.azure.clouds import imitation

    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    assert client(azure, time).get(VERSIONED).value["name"] == "Production"
    through = ArmClient(FakeCredential(), imitation(azure.url), Connection(ca=azure.ca), sleep=time.sleep)
    assert through.get(VERSIONED).reason.startswith("no answer: ")
    assert len(azure.log) == 1


def test_certificates_of_the_environment_are_trusted_where_the_environment_counts(
    azure: AzureServer, time: FakeTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    from scanner.sources.azure.client import ArmClient, Connection
    from scanner.sources.azure.clouds import imitation

    monkeypatch.setenv("REQUESTS_CA_BUNDLE", azure.ca)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    trusting = ArmClient(FakeCredential(), imitation(azure.url), Connection(), sleep=time.sleep)
    assert trusting.get(VERSIONED).value["name"] == "Production"
    alone = ArmClient(FakeCredential(), imitation(azure.url), Connection(proxy="none"), sleep=time.sleep)
    assert alone.get(VERSIONED).reason.startswith("no answer: ")


def test_a_certificate_that_is_not_trusted_is_not_accepted(azure: AzureServer, time: FakeTime) -> None:
    from scanner.sources.azure.client import ArmClient, Connection
    from scanner.sources.azure.clouds import imitation

    strict = ArmClient(FakeCredential(), imitation(azure.url), Connection(proxy="none"), sleep=time.sleep)
    assert strict.get(VERSIONED).reason.startswith("no answer: ")
    assert azure.log == []


def test_resource_graph_waits_for_its_quota_and_loses_nothing(azure: AzureServer, time: FakeTime) -> None:
    azure.quota = (2, 5.0)
    asking = client(azure, time)
    body = {"query": queries.resources(None).text(), "options": {"$top": 2}, "subscriptions": [SUBSCRIPTIONS[0]]}
    started = real_time.monotonic()
    assert [asking.graph(body).value["count"] for _ in range(7)] == [2] * 7
    assert sum(time.waits) >= 15
    assert real_time.monotonic() - started < 5


def test_without_the_packages_of_azure_it_is_said_how_to_get_them() -> None:
    script = (
        "import sys\n"
        "sys.modules['azure.core'] = None\n"
        "from scanner.errors import UsageError\n"
        "try:\n    import scanner.sources.azure.client\n"
        "except UsageError as error:\n    print(error.diagnostics())\n"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout == (
        "cannot read Azure: the package of 'azure.core.exceptions' cannot be imported\n"
        "  help: install the extra: pip install 'bulkhead-scanner[azure]'\n"
    )

"""A client of the stand-in for Azure, and plans for it."""

from collections.abc import Iterable
from time import time as now
from typing import Any

from scanner.model.rule import Rule, Scope
from scanner.model.severity import Severity
from scanner.sources.azure.needs import Plan, plan_for
from tests.sources.azure.clock import FakeTime
from tests.tools.azure_server import AzureServer


class FakeCredential:
    """Gives a token that nobody trusts, and says so."""

    is_fake = True

    def get_token(self, *scopes: str, **options: Any) -> Any:
        from azure.core.credentials import AccessToken

        return AccessToken("FAKE", int(now()) + 3600)

    def get_token_info(self, *scopes: str, options: Any = None) -> Any:
        from azure.core.credentials import AccessTokenInfo

        return AccessTokenInfo("FAKE", int(now()) + 3600)


def client(azure: AzureServer, time: FakeTime, credential: Any = None) -> Any:
    from scanner.sources.azure.client import ArmClient, Connection
    from scanner.sources.azure.clouds import imitation

    return ArmClient(
        credential or FakeCredential(),
        imitation(azure.url),
        Connection(ca=azure.ca, proxy="none", timeout_s=5),
        clock=time.now,
        sleep=time.sleep,
    )


def rule(id_: str, *types: str, looks_up: Iterable[str] = (), reads: Iterable[tuple[str, ...]] = ()) -> Rule:
    return Rule(
        id_, "", Severity.HIGH, "rego", "test", "", types, tuple(reads), dict.fromkeys(looks_up, ()), frozenset(),
        Scope.ANY, ("gate", "audit"), {}, {}, "", "",
    )  # fmt: skip


def plan(*types: str, looks_up: Iterable[str] = ()) -> Plan:
    return plan_for([rule("T-001", *types, looks_up=looks_up)])

"""Every built-in Rego rule, on every one of its cases, gives the same verdict on the native engine and on OPA.

The cases state verdict, message, line and fingerprint; a rule that proves itself on both engines says the same on both.
"""

from collections.abc import Iterator

import pytest

from scanner.packs.loader import builtin_packs
from scanner.packs.rego.native import available
from scanner.packs.rego.opa import TOKEN_VARIABLE
from scanner.packs.rego.opa_server import OpaServer
from scanner.points.proof import prove
from tests.tools.oracles import find_opa

REGO_RULES = [rule.id for pack in builtin_packs() for rule in pack.rules if rule.language == "rego"]


@pytest.fixture(scope="module")
def server() -> Iterator[OpaServer]:
    """One real OPA server for all rules."""
    running = OpaServer(find_opa())
    yield running
    running.stop()


@pytest.mark.skipif(available() is not None, reason=f"no native engine: {available()}")
@pytest.mark.parametrize("rule", REGO_RULES)
def test_a_rule_proves_itself_natively(rule: str) -> None:
    (proof,) = prove(builtin_packs(), only=[rule], rego_engine="native")
    assert proof.faults == ()
    assert proof.cases >= 2


@pytest.mark.slow
@pytest.mark.parametrize("rule", REGO_RULES)
def test_a_rule_proves_itself_on_opa(rule: str, server: OpaServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TOKEN_VARIABLE, server.token)
    (proof,) = prove(builtin_packs(), only=[rule], rego_engine=f"opa=http://{server.host}:{server.port}")
    assert proof.faults == ()

"""Small policies in the real OPA and in the native engine: where they differ is written down, and stays true."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from scanner.packs.rego.engine import RegoModule
from scanner.packs.rego.native import NativeEngine, available
from scanner.packs.rego.opa import OpaEngine
from tests.packs.rego.outcomes import Outcome, agree, ask, probes
from tests.packs.rego.tables import DOCUMENT, documented, read_differences
from tests.tools.oracles import find_opa

PACKAGE = "bulkhead.tenant_isolation.privileged"


@pytest.fixture(scope="module")
def engines() -> Iterator[tuple[OpaEngine, NativeEngine]]:
    if reason := available():
        pytest.skip(f"the native engine is not there: {reason}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(find_opa().parent))
        with OpaEngine() as opa, NativeEngine() as native:
            yield opa, native


@pytest.mark.slow
def test_answers_differ_where_it_is_written_down_and_nowhere_else(
    engines: tuple[OpaEngine, NativeEngine],
) -> None:
    opa, native = engines
    found: dict[str, dict[str, Outcome]] = {}
    for probe in probes():
        answers = {"opa": ask(opa, probe), "native": ask(native, probe)}
        if not agree(answers["opa"], answers["native"]):
            found[probe.name] = answers

    written = {
        name: {engine: each[engine] for engine in ("opa", "native")}
        for name, each in read_differences()["probes"].items()
    }
    assert found == written


@pytest.mark.slow
def test_the_rule_of_the_document_fires_in_both_engines(engines: tuple[OpaEngine, NativeEngine]) -> None:
    (text,) = re.findall(r"^```rego\n(.*?)^```$", DOCUMENT.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    containers = [
        {"name": "a", "spec": {"securityContext": {"privileged": True}}, "at": ["spec", "containers", 0]},
        {"name": "b", "spec": {}, "at": ["spec", "containers", 1]},
    ]
    for engine in engines:
        engine.load([RegoModule("rule.rego", text)], {})
        (found,) = engine.evaluate({"views": {"containers": containers}}, [f"data.{PACKAGE}.deny"])
        message = "container 'a' is privileged; privileged must be false or absent"
        assert found == [{"message": message, "at": ["spec", "containers", 0, "securityContext", "privileged"]}]


def test_there_are_enough_probes_and_each_has_a_name_of_its_own() -> None:
    names = Counter(probe.name for probe in probes())
    assert [name for name, count in names.items() if count > 1] == []
    assert len(names) >= 600


def test_every_difference_has_a_cause_and_every_cause_a_difference() -> None:
    differences = read_differences()
    assert {each["cause"] for each in differences["probes"].values()} == set(differences["causes"])
    assert set(differences["probes"]) <= {probe.name for probe in probes()}


def test_the_document_shows_the_data() -> None:
    assert DOCUMENT.read_text("utf-8") == documented(), "python -m tests.packs.rego.tables writes the tables"

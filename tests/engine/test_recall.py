"""What rules said of the same content is said again, and only then."""

from dataclasses import replace
from pathlib import Path

import pytest

from scanner.engine import recall
from scanner.engine.judge import Judge, Judgement
from scanner.engine.programs import Context, Programs
from scanner.engine.recall import Recall
from scanner.model.resource import Fault, Resource
from scanner.model.rule import Rule
from scanner.model.tenancy import Standing, Tenancy
from scanner.model.verdict import Verdict
from scanner.packs.loader import builtin_packs
from scanner.packs.rego.engine import RegoEngine, RegoError, RegoOutcome
from scanner.packs.rego.rules import RegoRules
from scanner.scan import Options, scan
from scanner.sources.repository import RepositorySource
from tests.conftest import ROOT
from tests.engine.rules import make_resource, make_rule

REGO = """package bulkhead.test.{name}

deny contains {{"message": sprintf("{name} of %v", [{seen}]), "at": ["spec"]}} if input.resource.attributes.spec.bad
"""


class CountingEngine(RegoEngine):
    """Objects to what is bad, and counts how often each entry point was asked."""

    def __init__(self) -> None:
        super().__init__(deadline_s=1)
        self.asked: list[str] = []
        self.outcome: RegoOutcome = [{"message": "bad", "at": ["spec", "bad"]}]

    @property
    def name(self) -> str:
        return "counting"

    def load(self, modules: object, data: object) -> None:
        """Nothing to load."""

    def evaluate(self, input: object, entrypoints: object) -> list[RegoOutcome]:  # noqa: A002
        assert isinstance(input, dict)
        assert isinstance(entrypoints, list)
        self.asked.extend(entrypoints)
        return [self.outcome if input["resource"]["attributes"]["spec"]["bad"] else [] for _ in entrypoints]

    def hold(self, document: object) -> object:
        return document

    def close(self) -> None:
        """Nothing to close."""


def rego(rule: Rule, folder: str, pack: str = "rego/test") -> Rule:
    return replace(rule, language="rego", folder=folder, pack=pack)


def rego_rule(folder: Path, id_: str, seen: str) -> Rule:
    (folder / id_).mkdir()
    name = id_.lower().replace("-", "_")
    (folder / id_ / "rule.rego").write_text(REGO.format(name=name, seen=seen), "utf-8")
    return rego(make_rule(id_, reads=["spec.bad"]), str(folder / id_))


def pod(name: str, bad: object, **other: object) -> Resource:
    return make_resource({"metadata": {"name": name}, "spec": {"bad": bad, **other}}, name=name)


@pytest.fixture
def rules(tmp_path: Path) -> tuple[Rule, ...]:
    return (
        rego_rule(tmp_path, "T-1", "input.resource.kind"),
        rego_rule(tmp_path, "T-2", "input.resource.name"),
        rego_rule(tmp_path, "T-3", "input"),
    )


@pytest.fixture
def engine() -> CountingEngine:
    return CountingEngine()


@pytest.fixture
def judge(rules: tuple[Rule, ...], engine: CountingEngine) -> Judge:
    return Judge(Programs({"": RegoRules(rules, (), engine)}), Context())


def faults(judgement: Judgement) -> list[tuple[str, str]]:
    return [(rule.id, fault.message) for rule, fault in judgement.faults]


def test_equal_content_is_asked_once_by_rules_that_see_nothing_else(
    judge: Judge, rules: tuple[Rule, ...], engine: CountingEngine
) -> None:
    first = judge.judge(rules, pod("a", bad=True))
    engine.asked.clear()
    second = judge.judge(rules, pod("b", bad=True, unread="x"))
    assert engine.asked == ["data.bulkhead.test.t_3.deny", "data.bulkhead.test.t_2.deny"]
    assert faults(first) == faults(second) == [("T-1", "bad"), ("T-2", "bad"), ("T-3", "bad")]


def test_other_content_is_another_question(judge: Judge, rules: tuple[Rule, ...], engine: CountingEngine) -> None:
    assert len(judge.judge(rules, pod("a", bad=True)).faults) == 3
    assert judge.judge(rules, pod("a", bad=False)).faults == ()
    assert len(judge.judge(rules, pod("a", bad=1)).faults) == 3
    engine.asked.clear()
    judge.judge(rules, pod("a", bad=1))
    assert engine.asked == ["data.bulkhead.test.t_3.deny"]


def test_an_error_is_not_remembered(judge: Judge, rules: tuple[Rule, ...], engine: CountingEngine) -> None:
    engine.outcome = RegoError("timeout", "too slow")
    assert len(judge.judge(rules, pod("a", bad=True)).failures) == 3
    engine.outcome = []
    assert judge.judge(rules, pod("a", bad=True)).failures == ()


def test_rules_of_other_people_are_always_run(rules: tuple[Rule, ...], engine: CountingEngine) -> None:
    foreign = tuple(rego(rule, rule.folder, pack="theirs") for rule in rules)
    judge = Judge(Programs({"theirs": RegoRules(foreign, (), engine)}), Context())
    judge.judge(foreign, pod("a", bad=True))
    judge.judge(foreign, pod("a", bad=True))
    assert len(engine.asked) == 6


def test_whose_a_resource_is_belongs_to_the_question() -> None:
    memory = Recall("core/Pod", [make_rule()], ())
    of = Tenancy(Standing.TENANT, tenant="t01", environment="production", tier="gold")
    others = [
        Tenancy(Standing.PLATFORM, reason="x"),
        replace(of, tenant="t02"),
        replace(of, environment="staging"),
        replace(of, tier="silver"),
        of,
    ]
    undeclared = pod("a", bad=True)
    questions = [memory.question(undeclared), *(memory.question(undeclared.resolved(one)) for one in others)]
    assert len(set(questions)) == len(questions)
    assert memory.question(undeclared.resolved(replace(of))) == questions[-1]


def test_content_that_is_no_json_is_not_recalled() -> None:
    memory = Recall("core/Pod", [make_rule()], ())
    assert memory.question(pod("a", bad=object())) is None


def test_numbers_and_booleans_that_compare_equal_are_different_questions() -> None:
    memory = Recall("core/Pod", [make_rule()], ())
    questions = {memory.question(pod("a", bad=value)) for value in (1, True, 1.0, "1", [1], None)}
    assert len(questions) == 6


def test_memory_is_bounded_and_keeps_what_is_asked_again() -> None:
    memory = Recall("core/Pod", [], (), most=20)
    found = ((Fault("m", ("spec",), Verdict.FAIL),),)
    memory.remember(b"often", found)
    for number in range(1000):
        memory.remember(b"%d" % number, ((),))
        assert memory.answer(b"often") == found
        assert memory.answer(b"%d" % number) == ((),)
    known = [number for number in range(900, 1000) if memory.answer(b"%d" % number) is not None]
    assert known
    assert min(known) >= 1000 - 20
    assert len(known) <= 20


def test_answers_without_a_finding_are_one() -> None:
    memory = Recall("core/Pod", [], ())
    for name in (b"a", b"b"):
        memory.remember(name, tuple(() for _ in range(2)))
    assert memory.answer(b"a") is memory.answer(b"b")


@pytest.mark.parametrize("estate", ["erp-hosting", "erp-hosting-broken"])
def test_recalled_answers_are_those_that_would_be_given(estate: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def verdicts() -> list[tuple[object, ...]]:
        source = RepositorySource([str(ROOT / "fixtures" / estate)], base=str(ROOT))
        packs = builtin_packs()
        report = scan([source], packs, [rule for pack in packs for rule in pack.rules], options=Options(jobs=1))
        judged = [(one.key, one.codes, tuple(one.reasons.items())) for one in report.judged]
        return [*judged, *((f.fingerprint, f.message, f.location) for f in report.findings)]

    recalled = verdicts()
    monkeypatch.setattr(Recall, "question", lambda self, resource: None)
    assert recalled == verdicts()
    assert len(recalled) > 50


def test_where_nothing_is_asked_twice_nothing_is_remembered_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recall, "_TRIAL", 8)
    monkeypatch.setattr(recall, "_REST", 5)
    memory = Recall("core/Pod", [make_rule(reads=["spec.bad"])], ())

    def is_known(bad: int) -> bool | None:
        question = memory.question(pod("a", bad=bad))
        if question is None:
            return None
        found = memory.answer(question) is not None
        if not found:
            memory.remember(question, ())
        return found

    assert [is_known(number) for number in range(8)] == [False] * 8
    assert [is_known(0) for _ in range(5)] == [None] * 5, "it rests"
    assert [is_known(0) for _ in range(3)] == [False, True, True], "it forgot, and tries again"
    assert [is_known(number) for number in (1, 2, 0, 0, 0)] == [False, False, True, True, True]
    assert [is_known(0) for _ in range(20)] == [True] * 20, "what is of use goes on"

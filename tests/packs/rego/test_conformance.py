"""OPA's language conformance cases: which do not pass is written down, by cause, and stays true."""

from pathlib import Path

import pytest

from scanner.packs.rego.native import available
from tests.packs.rego.conformance import cases, passes
from tests.packs.rego.tables import CASES, IN_SCOPE, read_failures

SHARE = 0.97
"""Of the cases in scope, how many have to pass."""


@pytest.mark.slow
def test_cases_fail_for_the_causes_that_are_written_down_and_no_others(corpus: Path) -> None:
    if reason := available():
        pytest.skip(f"the native engine is not there: {reason}")
    folder = corpus / "rego-conformance" / "v1"
    if not folder.is_dir():
        pytest.skip(f"the corpus has no conformance cases at {folder}")
    all_cases = list(cases(folder))
    assert (len(all_cases), sum(case.in_scope for case in all_cases)) == (CASES, IN_SCOPE)

    failed = {case.id: case.in_scope for case in all_cases if not passes(case)}

    written = {case: cause["in_scope"] for cause in read_failures().values() for case in cause["cases"]}
    assert {"fails newly": sorted(failed.keys() - written), "passes newly": sorted(written.keys() - failed)} == {
        "fails newly": [],
        "passes newly": [],
    }
    assert failed == written
    assert 1 - sum(failed.values()) / IN_SCOPE >= SHARE


def test_no_case_is_written_down_twice() -> None:
    written = [case for cause in read_failures().values() for case in cause["cases"]]
    assert len(written) == len(set(written))

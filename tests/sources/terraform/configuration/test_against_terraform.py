"""Every case in `cases/` evaluates as the real Terraform plans it."""

import shlex
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from scanner.model.unknown import Unknown
from scanner.sources.terraform.configuration import Evaluated, Tree, evaluate_root
from tests.tools.terraform_console import find_terraform
from tests.tools.terraform_plan import Plan, plan

CASES = sorted((Path(__file__).parent / "cases").glob("*.txt"))


class Case(NamedTuple):
    """One configuration: several files in one text, each after a line `--- path`."""

    files: dict[str, str]
    settings: dict[str, str]
    """`args` for terraform, `root` folder, `environment`, `rejected` (words of our fault), from comments at the top."""


def read_case(path: Path) -> Case:
    head, *parts = ("\n" + path.read_text("utf-8")).split("\n--- ")
    settings = dict(line[2:].split(": ", 1) for line in head.splitlines() if line.startswith("# ") and ": " in line)
    return Case(dict(part.split("\n", 1) for part in parts), settings)


def write_case(case: Case, folder: Path) -> Path:
    for name, text in case.files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
    return folder / case.settings.get("root", ".")


def evaluate(case: Case, top: Path, folder: Path) -> Evaluated:
    arguments = shlex.split(case.settings.get("args", ""))
    var_files = [str(folder / item.split("=", 1)[1]) for item in arguments if item.startswith("-var-file=")]
    variables = dict(item.split("=", 2)[1:] for item in arguments if item.startswith("-var="))
    return evaluate_root(
        Tree(str(top), str(top)),
        str(folder),
        var_files=var_files,
        variables=variables,
        environment=_environment(case) or None,
    )


def _environment(case: Case) -> dict[str, str]:
    return dict(item.split("=", 1) for item in shlex.split(case.settings.get("environment", "")))


@pytest.mark.slow
@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case_is_evaluated_as_terraform_plans_it(path: Path, tmp_path: Path) -> None:
    find_terraform()
    case = read_case(path)
    folder = write_case(case, tmp_path)
    ours = evaluate(case, tmp_path, folder)
    theirs = plan(folder, shlex.split(case.settings.get("args", "")), _environment(case))
    words = case.settings.get("rejected")
    if words:
        assert theirs.error, "Terraform accepts it"
        assert any(words in fault.message for fault in ours.faults), ours.faults
        return
    assert not theirs.error, theirs.error
    assert not ours.faults
    assert list(differences(ours, theirs)) == []


def differences(ours: Evaluated, theirs: Plan) -> Any:
    """Yield address, our value and Terraform's change wherever they differ."""
    instances = {item.address: item for item in ours.instances if item.mode == "managed"}
    if sorted(instances) != sorted(theirs.resources):
        yield "addresses", sorted(instances), sorted(theirs.resources)
    for address, change in theirs.resources.items():
        attributes = instances[address].attributes if address in instances else {}
        for name in ("input", "triggers_replace"):
            after, unknown, sensitive = (
                (change[key] or {}).get(name) if isinstance(change[key], dict) else change[key]
                for key in ("after", "after_unknown", "after_sensitive")
            )
            if not agree(attributes.get(name), after, unknown, sensitive):
                yield f"{address}.{name}", attributes.get(name), (after, unknown, sensitive)
    # An output that is null changes nothing, so that a plan does not list it.
    outputs = {name: value for name, value in ours.outputs.items() if value is not None or name in theirs.outputs}
    if sorted(outputs) != sorted(theirs.outputs):
        yield "outputs", sorted(outputs), sorted(theirs.outputs)
    for name, change in theirs.outputs.items():
        value = ours.outputs.get(name)
        if not agree(value, change.get("after"), change["after_unknown"], change["after_sensitive"]):
            yield f"output.{name}", value, change


def agree(ours: Any, after: Any, unknown: Any, sensitive: Any) -> bool:
    """Tell whether both mean the same; an Unknown of ours has to be one of Terraform's, or be hidden by it."""
    if isinstance(ours, Unknown):
        return unknown is True or (sensitive is True and ours.reason == "marked sensitive")
    if unknown is True or sensitive is True:
        return False
    if isinstance(ours, dict) and isinstance(after, dict):
        keys = set(after) | (set(unknown) if isinstance(unknown, dict) else set())
        return set(ours) == keys and all(
            agree(ours[key], after.get(key), _part(unknown, key), _part(sensitive, key)) for key in ours
        )
    if isinstance(ours, list) and isinstance(after, list):
        return len(ours) == len(after) and all(
            agree(item, after[index], _part(unknown, index), _part(sensitive, index)) for index, item in enumerate(ours)
        )
    return (type(ours) is type(after) and ours == after) or (_both_numbers(ours, after) and float(ours) == float(after))


def _part(marks: Any, key: Any) -> Any:
    if isinstance(marks, dict):
        return marks.get(key, False)
    return marks[key] if isinstance(marks, list) and isinstance(key, int) and key < len(marks) else marks is True


def _both_numbers(*values: Any) -> bool:
    return all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)

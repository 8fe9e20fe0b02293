"""Everything that can be wrong with an Estate's files, as a person reads it."""

from pathlib import Path

import pytest
import yaml

from scanner.errors import EstateError
from scanner.estate import load_estate
from tests.estate.estates import SMALL, changed, estate, line_of, refused

HELP = "  help: run 'bulkhead estate validate' on it; 'bulkhead estate schema' prints what is expected"


def one_fault(place: str, message: str) -> str:
    return f"cannot use estate estate.yaml: it has one fault\n  estate.yaml{place}: {message}\n{HELP}"


def place_of(needle: str, change: tuple[str, str]) -> str:
    """Where the only occurrence of ``needle`` in the changed Estate begins, as ``:line:column``."""
    text = changed(change)
    assert text.count(needle) == 1, f"{text.count(needle)} times: {needle}"
    before = text[: text.index(needle)]
    return f":{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"


def loading(path: str) -> str:
    with pytest.raises(EstateError) as caught:
        load_estate(path)
    return caught.value.diagnostics()


def test_one_file() -> None:
    assert [tenant.name for tenant in estate().tenants] == ["alder", "birch", "cedar"]


def test_json_will_do() -> None:
    import json

    class Loader(yaml.SafeLoader):
        pass

    Loader.add_constructor("tag:yaml.org,2002:timestamp", Loader.construct_yaml_str)
    Path("estate.json").write_text(json.dumps(yaml.load(SMALL, Loader)), "utf-8")
    assert load_estate("estate.json").digest == estate().digest


def test_a_missing_file() -> None:
    assert loading("estate.yaml") == one_fault("", "cannot read file: no such file or directory")


def test_an_empty_folder() -> None:
    Path("estate").mkdir()
    assert loading("estate") == f"cannot read estate estate: the folder holds no .yaml file\n{HELP}"


def test_an_empty_file() -> None:
    Path("estate.yaml").write_text("# nothing yet\n", "utf-8")
    assert loading("estate.yaml") == one_fault("", "cannot read file: it is empty")


def test_two_documents() -> None:
    Path("estate.yaml").write_text("kind: Estate\n---\nkind: Estate\n", "utf-8")
    assert loading("estate.yaml") == one_fault(":3:1", "it holds 2 documents; one is expected")


def test_no_mapping() -> None:
    Path("estate.yaml").write_text("- kind: Estate\n", "utf-8")
    assert loading("estate.yaml") == one_fault(":1:1", "it is a list; expected a mapping")


def test_broken_yaml() -> None:
    text = refused(("metadata: {name: small,", "metadata: {name: small, {"))
    assert text.startswith("cannot use estate estate.yaml: it has one fault\n  estate.yaml:4:")


def test_a_key_that_is_set_twice() -> None:
    text = refused(("edgeNamespaces: [traefik]", "edgeNamespaces: [traefik]\nedgeNamespaces: []"))
    assert f"  estate.yaml:{line_of('edgeNamespaces:') + 1}:1: " in text
    assert "edgeNamespaces" in text


MISTAKES = yaml.safe_load((Path(__file__).parent / "mistakes.yaml").read_text("utf-8"))


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake["by"])
def test_mistakes(mistake: dict[str, str]) -> None:
    change = (mistake["replace"], mistake["by"])
    assert refused(change) == one_fault(place_of(mistake["at"], change), mistake["message"])


def test_all_faults_at_once_in_the_order_of_the_file() -> None:
    text = refused(
        ("kind: Estate", "kind: State"), ("rto: PT8H", "rto: P1Y"), ("{prefix: registry.example.net/erp/,", "{")
    )
    assert text == "\n".join(
        (
            "cannot use estate estate.yaml: it has 3 faults",
            "  estate.yaml:3:1: kind: it is 'State'; expected 'Estate'",
            "  estate.yaml:19:17: tiers.standard.rto: 'P1Y' is no ISO 8601 duration of weeks, days, hours, minutes and "
            "seconds, such as PT15M",
            "  estate.yaml:75:7: registries[0]: key 'prefix' is missing",
            HELP,
        )
    )


def test_an_id_that_is_declared_twice() -> None:
    at = line_of("- {id: t02")
    message = f"tenants: id 't01' is declared twice, first at estate.yaml:{line_of('- {id: t01')}"
    assert refused(("- {id: t02, name: birch", "- {id: t01, name: birch")) == one_fault(f":{at}:6", message)


def split(*names: str) -> None:
    """Write the small Estate as a folder: the part before the tenants, and a file per tenant."""
    head, tenants = SMALL.split("tenants:\n", 1)
    Path("estate").mkdir()
    Path("estate/00-platform.yaml").write_text(head, "utf-8")
    items = tenants.split("  - {id: ")[1:]
    for name, item in zip(names, items, strict=True):
        text = f"apiVersion: estate/v1\nkind: Estate\ntenants:\n  - {{id: {item}"
        Path(f"estate/{name}.yaml").write_text(text, "utf-8")


def test_a_folder_is_the_same_as_one_file() -> None:
    split("alder", "birch", "cedar")
    Path("estate/notes.txt").write_text("not read")
    Path("estate/.hidden.yaml").write_text("not: read")
    merged = load_estate("estate")
    assert merged.digest == estate().digest
    assert merged.place(("tenants", 2, "tier")) == ("estate/cedar.yaml", 4, 48)
    assert merged.place(("tiers", "premium", "rpo")) == ("estate/00-platform.yaml", 24, 6)


def test_positions_in_a_folder_are_those_of_the_parts() -> None:
    split("alder", "birch", "cedar")
    path = Path("estate/cedar.yaml")
    path.write_text(path.read_text().replace("tier: premium", "tier: premum").replace("[development,", "[develop,"))
    assert loading("estate") == "\n".join(
        (
            "cannot use estate estate: it has 2 faults",
            "  estate/cedar.yaml:4:48: t03 cedar: tier 'premum' is not declared; did you mean 'premium'?",
            "  estate/cedar.yaml:5:64: t03 cedar: environment 'develop' is not declared; did you mean 'development'?",
            HELP,
        )
    )


def test_parts_that_contradict_each_other() -> None:
    split("alder", "birch", "cedar")
    Path("estate/dune.yaml").write_text(
        "kind: State\nedgeNamespaces: [other]\nmetadata: {owner: me}\ntiers: {standard: {rpo: PT1H}}\n"
        "tenants: [{id: T01}]\n"
    )
    text = loading("estate")
    for line in (
        "  estate/dune.yaml:1:1: kind is declared twice, first at estate/00-platform.yaml:3",
        "  estate/dune.yaml:2:1: edgeNamespaces is declared twice, first at estate/00-platform.yaml:45",
        "  estate/dune.yaml:3:12: metadata.owner is declared twice, first at estate/00-platform.yaml:4",
        "  estate/dune.yaml:4:20: tiers.standard.rpo is declared twice, first at estate/00-platform.yaml:19",
        "  estate/dune.yaml:5:12: tenants: id 'T01' is declared twice, first at estate/alder.yaml:4",
        "  estate/dune.yaml:5:12: tenants[3]: key 'name' is missing",
    ):
        assert line in text.splitlines()


def test_a_part_that_is_no_mapping() -> None:
    split("alder", "birch", "cedar")
    Path("estate/list.yaml").write_text("- 1\n")
    assert "  estate/list.yaml:1:1: it is no mapping; a part of an estate is one" in loading("estate").splitlines()


def test_a_part_that_cannot_be_read_hides_no_other_fault() -> None:
    split("alder", "birch", "cedar")
    Path("estate/alder.yaml").write_text("a: {\n")
    Path("estate/birch.yaml").write_text("")
    text = loading("estate")
    assert "  estate/birch.yaml: cannot read file: it is empty" in text.splitlines()
    assert "  estate/alder.yaml:" in text


def test_lists_in_two_parts_are_joined_in_the_order_of_the_names() -> None:
    split("c", "b", "a")
    assert [tenant.name for tenant in load_estate("estate").tenants] == ["cedar", "birch", "alder"]


def test_a_file_name_is_shown_relative_to_the_working_directory(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "estate.yaml").write_text(changed(("kind: Estate", "kind: State")))
    assert "  sub/estate.yaml:3:1: kind:" in loading(str(tmp_path / "sub" / "estate.yaml"))

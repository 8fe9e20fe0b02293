import os
import pickle
from collections import Counter
from pathlib import Path

import pytest

from scanner.documents import DEFAULT_LIMITS
from scanner.model.ledger import LedgerEntry, State
from scanner.model.location import Region
from scanner.model.resource import Resource
from scanner.sources.manifests import ManifestPages
from scanner.sources.repository import RepositorySource
from scanner.sources.walk import walk

MANIFESTS = (".yaml", ".yml", ".json")
POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n"


def write(root: Path, **files: str) -> None:
    for name, text in files.items():
        path = root / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_suffix(".yaml").write_text(text)


def resources(source: RepositorySource) -> list[Resource]:
    return [resource for page in source.pages() for resource in page.read().resources]


def test_pages_are_sorted_and_nothing_is_read_before_it_is_asked_for(tmp_path: Path) -> None:
    write(tmp_path, b=POD, a__z="x: [", a__b=POD)
    (tmp_path / "c.txt").touch()
    source = RepositorySource(["."], base=str(tmp_path))
    pages = list(source.pages())
    assert [(page.name, page.size_bytes) for page in pages] == [("a/b.yaml", 47), ("a/z.yaml", 4), ("b.yaml", 47)]
    assert source.entries() == (LedgerEntry("c.txt", State.UNSUPPORTED, "nothing to judge (extension .txt)"),)


def test_the_base_is_the_working_directory_where_none_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, a__b=POD)
    monkeypatch.chdir(tmp_path / "a")
    assert [page.name for page in RepositorySource(["b.yaml"]).pages()] == ["b.yaml"]


def test_clusters_by_the_longest_folder(tmp_path: Path) -> None:
    write(tmp_path, weu__a=POD, weu__edge__b=POD, weu2__c=POD, one=POD)
    clusters = {"aks-weu": "weu", "aks-edge": str(tmp_path / "weu" / "edge"), "aks-one": "./one.yaml"}
    source = RepositorySource(["."], base=str(tmp_path), clusters=clusters, default_cluster="none")
    assert {resource.origin.file: resource.cluster for resource in resources(source)} == {
        "one.yaml": "aks-one",
        "weu/a.yaml": "aks-weu",
        "weu/edge/b.yaml": "aks-edge",
        "weu2/c.yaml": "none",
    }


def test_pages_and_origins_survive_a_trip_to_another_process(tmp_path: Path) -> None:
    write(tmp_path, a="---\n" + POD)
    (page,) = pickle.loads(pickle.dumps(list(RepositorySource(["."], base=str(tmp_path)).pages())))
    (resource,) = page.read().resources
    origin = pickle.loads(pickle.dumps(resource)).origin
    assert origin.location(("metadata", "name")).region == Region(5, 3, 5, 12)
    assert pickle.loads(pickle.dumps(page)).read() == page.read()


def test_a_page_hands_over_what_it_read_and_keeps_nothing(tmp_path: Path) -> None:
    write(tmp_path, a=POD)
    (page,) = RepositorySource(["."], base=str(tmp_path)).pages()
    (resource,) = page.read().resources
    locate = page.locator()
    (tmp_path / "a.yaml").write_text("# one line more\n" + POD)
    assert locate(resource.origin, ("kind",)) == Region(2, 1, 2, 10)
    assert page.locator()(resource.origin, ("kind",)) == Region(3, 1, 3, 10)
    (tmp_path / "a.yaml").unlink()
    assert resource.origin.location(("kind",)).region is None


def test_standard_input() -> None:
    source = RepositorySource(["-"], stdin=POD.encode(), default_cluster="c")
    (page,) = source.pages()
    (resource,) = page.read().resources
    assert (page.name, page.size_bytes, resource.key) == ("-", 47, "c/core/Pod/-/web")
    origin = pickle.loads(pickle.dumps(resource.origin))
    assert origin.location(("kind",)).region == page.locator()(origin, ("kind",)) == Region(2, 1, 2, 10)


def test_standard_input_that_was_not_given() -> None:
    source = RepositorySource(["-"])
    assert list(source.pages()) == []
    assert [(entry.input, entry.state, entry.incomplete) for entry in source.entries()] == [
        ("-", State.UNREACHABLE, True)
    ]


def test_files_of_a_chart_are_read_as_the_chart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    write(
        tmp_path,
        chart__Chart="apiVersion: v2\nname: x\nversion: 1.0.0\n",
        chart__templates__a=POD,
        chart__values="a: 1\n",
        chart__crds__b=POD,
    )
    named = ["chart/crds/b.yaml", "chart/templates/a.yaml", "chart/values.yaml"]
    pages = list(RepositorySource(named, base=str(tmp_path)).pages())
    (chart,) = (page.read() for page in pages)
    assert [(entry.input, entry.incomplete) for entry in chart.entries] == [("chart/Chart.yaml", True)]
    assert chart.resources == ()


def test_without_helm_a_chart_makes_the_run_incomplete(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    write(tmp_path, chart__Chart="apiVersion: v2\nname: x\nversion: 1.0.0\n", chart__templates__a=POD, plain=POD)
    found = {page.name: page.read() for page in RepositorySource(["."], base=str(tmp_path)).pages()}
    (chart,) = (content for name, content in found.items() if name != "plain.yaml")
    assert [(entry.input, entry.incomplete, entry.reason[:35]) for entry in chart.entries] == [
        ("chart/Chart.yaml", True, "cannot render: helm is not found; i")
    ]


def test_what_became_of_a_file_since_it_was_found(tmp_path: Path) -> None:
    write(tmp_path, gone=POD, folder=POD, pipe=POD, large=POD)
    pages = {page.name: page for page in RepositorySource(["."], base=str(tmp_path)).pages()}
    for name in ("gone", "folder", "pipe"):
        (tmp_path / f"{name}.yaml").unlink()
    (tmp_path / "folder.yaml").mkdir()
    os.mkfifo(tmp_path / "pipe.yaml")
    os.truncate(tmp_path / "large.yaml", 100 * 1024 * 1024)
    assert [page.read().entries[0] for _, page in sorted(pages.items())] == [
        LedgerEntry("folder.yaml", State.UNREACHABLE, "cannot read the file: it is a folder", incomplete=True),
        LedgerEntry("gone.yaml", State.UNREACHABLE, "cannot open the file: no such file or directory", incomplete=True),
        LedgerEntry("large.yaml", State.UNPARSED, "the file is larger than 20 MiB", incomplete=True),
        LedgerEntry("pipe.yaml", State.UNREACHABLE, "cannot read the file: it is a named pipe", incomplete=True),
    ]


def test_limits_reach_the_documents(tmp_path: Path) -> None:
    write(tmp_path, a=POD + "spec: {a: {b: {c: 1}}}\n")
    (page,) = RepositorySource(["."], base=str(tmp_path), limits=DEFAULT_LIMITS._replace(max_depth=3)).pages()
    assert page.read().entries[0].reason == "the document is nested deeper than 3 levels"


@pytest.mark.slow
@pytest.mark.parametrize("part", ["kubernetes", "admission", "helm", "pipelines", "arm", "azure-live"])
def test_every_file_of_the_corpus_ends_in_the_ledger(corpus: Path, part: str) -> None:
    walked = walk([part], str(corpus))
    pages = ManifestPages(str(corpus))
    inputs: Counter[str] = Counter()
    for page in (pages.page(found) for found in walked.files if found.name.endswith(MANIFESTS)):
        content = page.read()
        first, *parts = content.entries
        assert first.input == page.name
        assert all(entry.input.startswith(f"{page.name}#") or entry.input == page.name for entry in parts)
        assert all(entry.reason for entry in content.entries if entry.state is not State.SCANNED)
        assert first.resources == len(content.resources)
        assert first.incomplete == (first.state in (State.PARTIAL, State.UNPARSED, State.UNREACHABLE))
        inputs[first.input] += 1
    inputs.update(entry.input for entry in walked.entries)
    inputs.update(found.name for found in walked.files if not found.name.endswith(MANIFESTS))
    files = {path.relative_to(corpus).as_posix() for path in (corpus / part).rglob("*") if not path.is_dir()}
    left_out = [entry.input for entry in walked.entries if entry.state is State.EXCLUDED and entry.input.endswith("/")]
    assert {file for file in files if not file.startswith(tuple(left_out))} == {
        name for name in inputs if not name.endswith("/")
    }
    assert set(inputs.values()) <= {1}


@pytest.mark.slow
def test_the_corpus_gives_what_it_gave(corpus: Path) -> None:
    pages = ManifestPages(str(corpus))
    walked = walk(["kubernetes", "admission"], str(corpus))
    found = (pages.page(found) for found in walked.files if found.name.endswith(MANIFESTS))
    states = Counter(page.read().entries[0].state.value for page in found)
    assert states["scanned"] > 2000
    assert states["unparsed"] < 110
    assert states["partial"] < 60

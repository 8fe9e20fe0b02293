"""A dump gives what the cluster holds, whatever way it was written; what cannot be read is said."""

import gzip
import json
import os
import pickle
import re
import sys
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from scanner.errors import UsageError
from scanner.model.ledger import LedgerEntry, State
from scanner.model.resource import Resource
from scanner.model.unknown import Unknown
from scanner.sources.cluster import json_parts
from scanner.sources.cluster.dump import ClusterDump
from scanner.sources.cluster.trimming import Trimming

pytest.importorskip("orjson", reason="the extra [kubernetes] is not installed")


def pod(name: str, namespace: str = "shop") -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": namespace, "managedFields": [{"manager": "kubectl"}]},
        "spec": {"containers": [{"name": "web", "image": "web:1"}]},
        "status": {"phase": "Running"},
    }


NAMESPACE = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop", "labels": {"tenant": "t1"}}}


def listed(*items: Any) -> dict[str, Any]:
    return {"apiVersion": "v1", "items": list(items), "kind": "List", "metadata": {"resourceVersion": ""}}


def read(dump: ClusterDump) -> tuple[list[Resource], list[LedgerEntry]]:
    resources, entries = [], []
    for page in dump.pages():
        content = pickle.loads(pickle.dumps(page)).read()
        resources += content.resources
        entries += content.entries
    return resources, [*entries, *dump.entries()]


def test_a_list_as_kubectl_writes_it(tmp_path: Path) -> None:
    path = tmp_path / "pods.json"
    path.write_text(json.dumps(listed(pod("a"), pod("b")), indent=4), "utf-8")
    resources, entries = read(ClusterDump("aks-prd-weu-01", path))
    assert [resource.key for resource in resources] == [
        "aks-prd-weu-01/core/Pod/shop/a",
        "aks-prd-weu-01/core/Pod/shop/b",
    ]
    assert {resource.cluster for resource in resources} == {"aks-prd-weu-01"}
    assert resources[0].attributes == {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "a", "namespace": "shop"},
        "spec": {"containers": [{"name": "web", "image": "web:1"}]},
    }
    assert resources[0].origin.location(("spec",))[:2] == ("cluster aks-prd-weu-01: pods.json", ("spec",))
    assert entries == [LedgerEntry("cluster aks-prd-weu-01: pods.json", State.SCANNED, resources=2)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", json.dumps(listed(NAMESPACE, pod("a"), pod("b")))),
        ("a.json", json.dumps([NAMESPACE, pod("a"), pod("b")])),
        ("a.json", "".join(json.dumps(one, indent=2) for one in (NAMESPACE, listed(pod("a"), pod("b"))))),
        ("a.jsonl", "\n".join(json.dumps(one) for one in (NAMESPACE, pod("a"), pod("b")))),
        ("a.yaml", "\n---\n".join(json.dumps(one) for one in (NAMESPACE, listed(pod("a"), pod("b"))))),
        (
            "a.yml",
            "apiVersion: v1\nkind: List\nitems:\n"
            + "".join(f"- {json.dumps(o)}\n" for o in (NAMESPACE, pod("a"), pod("b"))),
        ),
        ("a.ndjson", "\ufeff" + "\r\n".join(json.dumps(one) for one in (NAMESPACE, pod("a"), pod("b")))),
    ],
)
@pytest.mark.parametrize("compressed", [False, True])
def test_every_way_to_write_it_is_the_same(tmp_path: Path, name: str, text: str, compressed: bool) -> None:
    data = text.encode()
    (tmp_path / f"{name}.gz" if compressed else tmp_path / name).write_bytes(
        gzip.compress(data) if compressed else data
    )
    resources, entries = read(ClusterDump("c", tmp_path))
    assert [resource.key for resource in resources] == [
        "c/core/Namespace/-/shop",
        "c/core/Pod/shop/a",
        "c/core/Pod/shop/b",
    ]
    assert {entry.state for entry in entries} == {State.SCANNED}


def test_the_typed_lists_of_the_api_are_lists_of_their_kind(tmp_path: Path) -> None:
    items = [{"metadata": {"name": "a", "namespace": "shop"}, "spec": {}}]
    raw = '{"kind":"DeploymentList","apiVersion":"apps/v1","metadata":{"resourceVersion":"1"},"items":%s}'
    (tmp_path / "d.json").write_text(raw % json.dumps(items), "utf-8")
    custom = {
        "apiVersion": "traefik.io/v1alpha1",
        "items": [{**items[0], "apiVersion": "traefik.io/v1alpha1", "kind": "IngressRoute"}],
    }
    (tmp_path / "i.json").write_text(json.dumps({**custom, "kind": "IngressRouteList", "metadata": {}}), "utf-8")
    resources, _ = read(ClusterDump("c", tmp_path))
    assert [resource.type for resource in resources] == ["apps/Deployment", "traefik.io/IngressRoute"]
    assert resources[0].attributes["kind"] == "Deployment"


def test_values_of_secrets_are_not_known(tmp_path: Path) -> None:
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {
            "name": "s",
            "namespace": "shop",
            "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "canary-1"},
            "managedFields": [{"fieldsV1": {"f:data": {"f:password": {}}}}],
        },
        "data": {"password": "canary-2"},
        "stringData": {"token": "canary-3"},
    }
    (tmp_path / "s.json").write_text(json.dumps(listed(secret), indent=4), "utf-8")
    dump = ClusterDump("c", tmp_path)
    (page,) = dump.pages()
    (resource,) = page.read().resources
    assert isinstance(resource.attributes["data"]["password"], Unknown)
    assert ("data", "token") in resource.unknowns
    assert b"canary" not in pickle.dumps(resource)
    assert b"canary" not in pickle.dumps(page)


def test_what_a_rule_reads_stays(tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text(json.dumps(listed(pod("a"))), "utf-8")
    (resource,), _ = read(ClusterDump("c", tmp_path, Trimming(frozenset(("core/Pod",)), frozenset(("core/Pod",)))))
    assert resource.attributes["status"] == {"phase": "Running"}
    assert resource.attributes["metadata"]["managedFields"]


def test_places_are_the_parts_with_namespaces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_parts, "PART_BYTES", 300)
    everything = listed(*(pod(f"a{n}") for n in range(9)), NAMESPACE, *(pod(f"b{n}") for n in range(9)))
    (tmp_path / "all.json").write_text(json.dumps(everything, indent=4), "utf-8")
    (tmp_path / "pods.json").write_text(json.dumps(listed(pod("c"))), "utf-8")
    (tmp_path / "more.yaml").write_text("kind: Namespace\napiVersion: v1\nmetadata: {name: more}\n", "utf-8")
    (tmp_path / "other.yaml").write_text("kind: Pod\napiVersion: v1\nmetadata: {name: x, namespace: shop}\n", "utf-8")
    dump = ClusterDump("c", tmp_path)
    names = [page.name for page in dump.places()]
    assert len(names) == 2
    assert set(names) < {page.name for page in dump.pages()}
    found = [resource.key for page in dump.places() for resource in page.read().resources]
    assert [key for key in found if "Namespace" in key] == ["c/core/Namespace/-/shop", "c/core/Namespace/-/more"]


def test_parts_have_names_of_their_own_and_one_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_parts, "PART_BYTES", 300)
    (tmp_path / "pods.json").write_text(json.dumps(listed(*(pod(f"a{n}") for n in range(9))), indent=4), "utf-8")
    dump = ClusterDump("c", tmp_path)
    pages = list(dump.pages())
    assert [page.name for page in pages[:2]] == ["cluster c: pods.json", "cluster c: pods.json, part 2"]
    assert len({page.name for page in pages}) == len(pages)
    entries = [entry for page in pages for entry in page.read().entries]
    assert {entry.input for entry in entries} == {"cluster c: pods.json"}
    assert sum(entry.resources for entry in entries) == 9


def test_a_dump_that_is_cut_off_keeps_what_is_whole_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_parts, "PART_BYTES", 300)
    text = json.dumps(listed(*(pod(f"a{n}") for n in range(9))), indent=4)
    (tmp_path / "pods.json").write_text(text[:-300], "utf-8")
    resources, entries = read(ClusterDump("c", tmp_path))
    assert len(resources) == 8
    bad = [entry for entry in entries if entry.incomplete]
    assert [entry.state for entry in bad] == [State.UNPARSED]
    assert re.match(r"the file is cut off: what starts at offset \d+ does not end", bad[0].reason)


@pytest.mark.parametrize(
    ("name", "data", "state", "reason"),
    [
        ("a.json", b"", State.UNPARSED, "the file is empty"),
        ("a.json", b"Error from server (Forbidden): pods is forbidden", State.UNPARSED, "it is no JSON"),
        ("a.json", b'{"kind": "Pod", "apiVersion": v1}', State.UNPARSED, "it is no JSON, or "),
        ("a.json", b'{kind: "PodList", "items": [{}]}', State.UNPARSED, "the beginning of a list is no JSON"),
        ("a.json", b'{"kind": "Pod", "apiVersion": "v1", "metadata": {}}', State.UNPARSED, "metadata.name is missing"),
        (
            "a.json",
            b'{"kind":"List","items":[{"kind":"Pod","apiVersion":"v1","metadata":[]}]}',
            State.UNPARSED,
            "items[0]: metadata is a list",
        ),
        ("a.json", b'{"kind":"List","items":[]}', State.SCANNED, "it holds no objects"),
        ("a.json", b'{"some": "settings"}', State.UNSUPPORTED, "no object of the API"),
        ("a.json", b'"text"', State.UNSUPPORTED, "no mapping, so no object of the API"),
        ("a.json.gz", b"no gzip", State.UNREACHABLE, "cannot read the file: not a gzipped file"),
        (
            "a.json.gz",
            gzip.compress(b'{"kind":"List","items":[]}', mtime=0)[:-9],
            State.UNREACHABLE,
            "cannot read the file: compressed file ended",
        ),
        ("a.yaml.gz", b"no gzip", State.UNREACHABLE, "cannot read the file: not a gzipped file"),
        ("a.yaml", b"kind: [", State.UNPARSED, "line "),
        (
            "a.json",
            b'{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a"},"data":'
            + b'{"a":' * 300
            + b"1"
            + b"}" * 301,
            State.UNPARSED,
            "it is nested deeper",
        ),
        ("notes.txt", b"hello", State.UNSUPPORTED, "no dump: neither JSON nor YAML"),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path: Path, name: str, data: bytes, state: State, reason: str) -> None:
    (tmp_path / name).write_bytes(data)
    resources, entries = read(ClusterDump("c", tmp_path))
    assert resources == []
    entry = next(entry for entry in entries if entry.input == f"cluster c: {name}")
    assert entry.state is state
    assert entry.reason.startswith(reason)
    assert entry.incomplete is (state in (State.UNPARSED, State.UNREACHABLE))


def test_one_bad_line_costs_one_object(tmp_path: Path) -> None:
    lines = [json.dumps(pod("a")), '{"kind": Pod}', json.dumps(pod("b"))]
    (tmp_path / "a.jsonl").write_text("\n".join(lines), "utf-8")
    resources, (entry,) = read(ClusterDump("c", tmp_path))
    assert [resource.name for resource in resources] == ["a", "b"]
    assert (entry.state, entry.resources, entry.incomplete) == (State.PARTIAL, 2, True)


def test_a_deep_object_does_not_take_its_neighbours_with_it(tmp_path: Path) -> None:
    for levels, reason in (
        (300, "it is nested deeper than 250 levels"),
        (3000, "it is no JSON, or nested too deeply: "),
    ):
        deep = json.dumps({**pod("deep"), "spec": "DEEP"}).replace('"DEEP"', '{"a":' * levels + "1" + "}" * levels)
        text = json.dumps(listed(pod("a"), "DEEP", pod("b"))).replace('"DEEP"', deep)
        (tmp_path / "a.json").write_text(text, "utf-8")
        resources, (entry,) = read(ClusterDump("c", tmp_path))
        assert [resource.name for resource in resources] == ["a", "b"]
        assert entry.reason.startswith(f"items[1]: {reason}")
        assert (entry.state, entry.incomplete) == (State.PARTIAL, True)


def test_a_dump_that_is_not_there(tmp_path: Path) -> None:
    _, (entry,) = read(ClusterDump("c", tmp_path / "gone"))
    assert (entry.input, entry.state, entry.incomplete) == ("cluster c: gone", State.UNREACHABLE, True)
    (tmp_path / "empty").mkdir()
    _, (entry,) = read(ClusterDump("c", tmp_path / "empty"))
    assert entry.reason.endswith("holds no dump: no JSON and no YAML file")
    assert entry.incomplete


def test_a_pipe_does_not_hold_up_the_run(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    for path in (tmp_path, tmp_path / "pipe.json"):
        _, entries = read(ClusterDump("c", path))
        assert entries[0][:3] == (
            "cluster c: pipe.json",
            State.UNREACHABLE,
            "cannot read the file: it is a named pipe",
        )


def test_links_lead_nowhere_else(tmp_path: Path) -> None:
    (tmp_path / "secret.json").write_text(json.dumps(pod("outside")), "utf-8")
    folder = tmp_path / "dump"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "a.json").write_text(json.dumps(pod("a")), "utf-8")
    os.symlink("../secret.json", folder / "out.json")
    os.symlink("..", folder / "up")
    resources, entries = read(ClusterDump("c", folder))
    assert [resource.name for resource in resources] == ["a"]
    assert sorted((entry.input, entry.state.value) for entry in entries) == [
        ("cluster c: out.json", "excluded"),
        ("cluster c: sub/a.json", "scanned"),
        ("cluster c: up", "excluded"),
    ]


def test_a_file_that_is_gone_when_its_page_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(pod("a")), "utf-8")
    (page,) = ClusterDump("c", tmp_path).pages()
    (tmp_path / "a.json").unlink()
    (entry,) = page.read().entries
    assert (entry.state, entry.incomplete) == (State.UNREACHABLE, True)


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "all.json"
    block = ",\n".join("        " + json.dumps(pod(f"p{n}"), indent=4).replace("\n", "\n        ") for n in range(2000))
    with path.open("w", encoding="utf-8") as stream:
        stream.write('{\n    "apiVersion": "v1",\n    "items": [\n')
        stream.write(",\n".join([block] * 30))
        stream.write('\n    ],\n    "kind": "List"\n}\n')
    assert path.stat().st_size > 30 << 20
    tracemalloc.start()
    try:
        pages = list(ClusterDump("c", path).pages())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 8 << 20, peak
    assert sum(page.size_bytes for page in pages) > 30 << 20
    assert sum(len(page.read().resources) for page in pages[:3]) > 3


def test_without_orjson_the_error_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "orjson", None)
    with pytest.raises(UsageError, match="the package 'orjson' cannot be imported") as raised:
        ClusterDump("c", tmp_path)
    assert "bulkhead-scanner[kubernetes]" in raised.value.diagnostics()


def test_only_lists_of_one_type_say_what_was_asked_for(tmp_path: Path) -> None:
    empty = {"kind": "DeploymentList", "apiVersion": "apps/v1", "metadata": {}, "items": []}
    (tmp_path / "deployments.json").write_text(json.dumps(empty))
    (tmp_path / "all.json").write_text(json.dumps(listed(pod("a"))))
    dump = ClusterDump("c", tmp_path)
    assert dump.listed_types() == frozenset()
    read(dump)
    assert dump.listed_types() == {"apps/Deployment"}


def test_the_parts_that_may_hold_some_types_are_read_once_more(tmp_path: Path) -> None:
    (tmp_path / "pods.json").write_text(json.dumps({"kind": "PodList", "apiVersion": "v1", "items": [pod("a")]}))
    (tmp_path / "all.json").write_text(json.dumps(listed(NAMESPACE)))
    (tmp_path / "more.yaml").write_text("kind: Pod\napiVersion: v1\nmetadata: {name: b}\nstatus: {a: 1}\n")
    pages = ClusterDump("c", tmp_path).of_types(["core/Pod"], Trimming(with_status=frozenset(["core/Pod"])))
    found = {one.name: one.attributes["status"] for page in pages for one in page.read().resources}
    assert found == {"a": {"phase": "Running"}, "b": {"a": 1}}

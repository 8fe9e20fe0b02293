import json
import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scanner.model.ledger import LedgerEntry, State
from scanner.model.resource import Resource
from scanner.sources.azure.export import AzureExport
from scanner.sources.azure.file import read_export
from tests.sources.azure.rows import GROUP, SUBSCRIPTION, answer, row

DISKS = [
    row("Microsoft.Compute/disks", f"d{number:03d}", {"n": number, "text": "é" * (number % 7)}) for number in range(57)
]


def write(folder: Path, text: str | bytes) -> str:
    path = folder / "inventory.json"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return str(path)


def read(path: str, page_rows: int = 10) -> tuple[list[Resource], list[LedgerEntry]]:
    source = AzureExport(path, name="inventory.json", page_rows=page_rows)
    contents = [pickle.loads(pickle.dumps(page)).read() for page in source.pages()]
    entries = [entry for content in contents for entry in content.entries]
    return [one for content in contents for one in content.resources], [*entries, *source.entries()]


def incomplete(entries: list[LedgerEntry]) -> list[str]:
    return [entry.reason for entry in entries if entry.incomplete]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(answer(*DISKS)),
        json.dumps(answer(*DISKS), indent=2),
        json.dumps(answer(*DISKS), ensure_ascii=False),
        json.dumps(DISKS),
        json.dumps({"value": DISKS}),
        "\n".join(map(json.dumps, DISKS)),
        "\n\n".join(json.dumps(disk, indent=1) for disk in DISKS),
        "\n".join(json.dumps({"value": DISKS[start : start + 7]}) for start in range(0, 57, 7)),
        json.dumps([{"value": DISKS[:30]}, {"value": DISKS[30:]}]),
        json.dumps(DISKS[:20]) + json.dumps(DISKS[20:]),
    ],
    ids=["graph", "indented", "unescaped", "rows", "list", "lines", "bodies", "answers", "array of answers", "arrays"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_pages_hold_what_the_file_holds_as_a_whole(tmp_path: Path, text: str, encoding: str) -> None:
    whole = read_export(text.encode(encoding), "inventory.json")
    assert whole is not None
    found, entries = read(write(tmp_path, text.encode(encoding)))
    assert [one.attributes for one in found] == [one.attributes for one in whole[0].resources]
    assert len(found) == 57
    assert incomplete(entries) == []
    assert sum(entry.resources for entry in entries) == 57


OTHER = "00000000-0000-4000-8000-0000000000ff"


def _elsewhere(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same in another subscription."""
    own = SUBSCRIPTION.rpartition("/")[2]
    return [json.loads(json.dumps(one).replace(own, OTHER.upper())) for one in rows]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(answer(*(one for pair in zip(DISKS, _elsewhere(DISKS), strict=True) for one in pair))),
        json.dumps(answer(*DISKS)) + json.dumps(answer(*_elsewhere(DISKS))),
        "\n".join(map(json.dumps, [*DISKS[:9], *_elsewhere(DISKS), *DISKS[9:]])),
        json.dumps({"value": [*_elsewhere(DISKS), *DISKS]}),
    ],
    ids=["one by one", "two answers", "lines", "body"],
)
def test_rows_of_a_subscription_that_is_not_wanted_are_left_out_and_counted(tmp_path: Path, text: str) -> None:
    path = write(tmp_path, text)
    asked: list[str] = []

    def wanted(id_: str) -> bool:
        asked.append(id_)
        return id_ != OTHER

    source = AzureExport(path, name="i", page_rows=10, wanted=wanted)
    contents = [pickle.loads(pickle.dumps(page)).read() for page in source.pages()]
    found = sorted(one.name for content in contents for one in content.resources)
    assert found == [f"d{number:03d}" for number in range(57)]
    assert not any(OTHER in one.key for content in contents for one in content.resources)
    assert source.entries() == (
        LedgerEntry(f"i: subscription {OTHER}", State.EXCLUDED, "57 rows; --only leaves it out"),
    )
    assert sorted(asked) == sorted({SUBSCRIPTION.rpartition("/")[2].lower(), OTHER}), "each is asked for once"
    none = AzureExport(path, name="i", wanted=lambda id_: False)
    assert list(none.pages()) == []
    assert [entry.state for entry in none.entries()] == [State.EXCLUDED] * 2


def test_what_is_in_no_subscription_is_read_whatever_is_wanted(tmp_path: Path) -> None:
    group = {"id": "/providers/Microsoft.Management/managementGroups/mg", "name": "mg"}
    source = AzureExport(write(tmp_path, json.dumps([*DISKS, group])), name="i", wanted=lambda id_: False)
    assert [one.key for page in source.pages() for one in page.read().resources] == [group["id"].lower()]


def test_a_child_is_carried_past_what_is_left_out(tmp_path: Path) -> None:
    nsg = row("Microsoft.Network/networkSecurityGroups", "nsg", {"securityRules": []})
    rule = row("Microsoft.Network/networkSecurityGroups/securityRules", "nsg/ssh", {"access": "Allow"})
    path = write(tmp_path, json.dumps([nsg, *_elsewhere([*DISKS, nsg, rule]), rule]))
    source = AzureExport(path, name="i", page_rows=1, wanted=lambda id_: id_ != OTHER)
    found = [one for page in source.pages() for one in page.read().resources]
    assert [one.type for one in found] == ["Microsoft.Network/networkSecurityGroups"]
    assert len(found[0].attributes["properties"]["securityRules"]) == 1


def test_a_page_has_about_as_many_rows_as_it_is_told(tmp_path: Path) -> None:
    pages = list(AzureExport(write(tmp_path, json.dumps(DISKS)), name="i", page_rows=10).pages())
    assert [page.name for page in pages] == ["i[0:10]", "i[10:20]", "i[20:30]", "i[30:40]", "i[40:50]", "i[50:57]"]
    assert sum(page.size_bytes for page in pages) > 57 * 300


def test_places_are_the_pages_with_groups_and_subscriptions(tmp_path: Path) -> None:
    containers = [{"id": SUBSCRIPTION, "name": "Production"}, {"id": GROUP, "tags": {}}]
    source = AzureExport(write(tmp_path, json.dumps([*DISKS, *containers])), name="i", page_rows=20)
    assert [page.name for page in source.places()] == ["i[40:59]"]


def test_children_that_arm_nests_are_carried_to_the_page_of_their_parent(tmp_path: Path) -> None:
    group = row("Microsoft.Network/networkSecurityGroups", "nsg", {"securityRules": []})
    rules = [
        row("Microsoft.Network/networkSecurityGroups/securityRules", f"nsg/{name}", {"access": name}) for name in "abc"
    ]
    orphan = row("Microsoft.Network/networkSecurityGroups/securityRules", "other/x", {"access": "x"})
    found, entries = read(
        write(tmp_path, json.dumps([rules[0], *DISKS, group, rules[1], *DISKS[:9], rules[2], orphan]))
    )
    (parent,) = [one for one in found if one.type == "Microsoft.Network/networkSecurityGroups"]
    held = parent.value("properties", "securityRules")
    assert sorted(item["name"] for item in held) == ["a", "b", "c"]
    alone = [one.name for one in found if one.type == "Microsoft.Network/networkSecurityGroups/securityRules"]
    assert alone == ["other/x"]
    assert incomplete(entries) == []


@pytest.mark.parametrize(
    ("text", "rows", "reason"),
    [
        (json.dumps(answer(*DISKS, totalRecords=90)), 57, "57 of 90 rows are there"),
        (json.dumps(answer(*DISKS, resultTruncated="true")), 57, "an answer says that it is truncated"),
        (json.dumps({"value": DISKS, "nextLink": "https://x/y"}), 57, "the pages after a nextLink are missing"),
        (json.dumps(DISKS)[:-300], 56, "it cannot be read to its end: the value at byte "),
        (json.dumps(DISKS)[:-1], 57, "it cannot be read to its end: ',' is expected at byte "),
        (json.dumps(DISKS[:3])[:-1] + ", oops]", 3, "it cannot be read to its end: the value at byte "),
        (json.dumps([*DISKS, {"n": 1}]), 57, "a row has no id; project it"),
        ("", 0, ""),
        ("[" * 100_000, 0, "it cannot be read to its end: the value at byte 1 "),
    ],
    ids=["count", "truncated", "next", "broken off", "not closed", "malformed", "no id", "empty", "deep"],
)
def test_an_export_that_is_not_whole_says_so(tmp_path: Path, text: str, rows: int, reason: str) -> None:
    found, entries = read(write(tmp_path, text))
    assert len(found) == rows
    assert [one[: len(reason)] for one in incomplete(entries)] == ([reason] if reason else [])
    assert entries


def test_what_is_no_json_is_no_value(tmp_path: Path) -> None:
    text = json.dumps([{**DISKS[0], "properties": {"n": float("inf")}}, DISKS[1]])
    found, entries = read(write(tmp_path, text))
    assert found == []
    assert incomplete(entries) == ["it cannot be read to its end: the value at byte 1 cannot be read"]


def test_half_a_character_is_replaced(tmp_path: Path) -> None:
    text = json.dumps([{**DISKS[0], "tags": {"note": "x\ud83d"}}, DISKS[1]])
    for written in (text, text[1:-1].replace("}, {", "}\n{")):
        found, entries = read(write(tmp_path, written))
        assert found[0].attributes["tags"] == {"note": "x\ufffd"}
        assert incomplete(entries) == []


def test_bytes_that_are_no_text_are_said(tmp_path: Path) -> None:
    found, entries = read(write(tmp_path, b"\x80" + json.dumps(DISKS).encode()))
    assert found == []
    assert incomplete(entries) == ["it cannot be read to its end: the text is not UTF-8 after byte 0"]


def test_rows_in_two_places_are_not_passed_over(tmp_path: Path) -> None:
    found, entries = read(write(tmp_path, json.dumps({"value": DISKS[:2], "data": DISKS[2:4]})))
    assert len(found) == 2
    assert incomplete(entries) == ["an answer has rows in two places, and only the first ones were read"]


def test_a_file_that_is_not_there_is_unreachable(tmp_path: Path) -> None:
    _, (entry,) = read(str(tmp_path / "none.json"))
    assert (entry.state, entry.reason) == (State.UNREACHABLE, "cannot open the file: no such file or directory")


def test_a_file_that_changes_while_it_is_read_is_not_half_believed(tmp_path: Path) -> None:
    path = write(tmp_path, json.dumps(DISKS))
    first, *_ = AzureExport(path, name="i").pages()
    write(tmp_path, json.dumps(DISKS[1:]))
    (entry,) = first.read().entries
    assert (entry.state, entry.reason, entry.incomplete) == (
        State.UNPARSED,
        "the file was changed while it was read",
        True,
    )


@pytest.mark.slow
def test_memory_does_not_grow_with_the_export(tmp_path: Path) -> None:
    script = (
        "import resource, sys\n"
        "from scanner.sources.azure.export import AzureExport\n"
        "n = sum(len(page.read().resources) for page in AzureExport(sys.argv[1]).pages())\n"
        "print(n, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)\n"
    )
    used = []
    for rows in (4_000, 40_000):
        path = tmp_path / f"{rows}.json"
        with open(path, "w", encoding="utf-8") as stream:
            stream.write('{"data": [')
            for number in range(rows):
                disk: dict[str, Any] = row("Microsoft.Compute/disks", f"d{number}", {"text": "x" * 800})
                stream.write(("," if number else "") + json.dumps(disk))
            stream.write(f'], "count": {rows}, "totalRecords": {rows}}}')
        run = subprocess.run(
            [sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True, env=dict(os.environ)
        )
        count, megabytes = map(int, run.stdout.split())
        assert count == rows
        used.append(megabytes)
    assert used[1] < used[0] * 1.1

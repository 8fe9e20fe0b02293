import hashlib
import os
from pathlib import Path

import pytest

from scanner.errors import PackError
from scanner.packs.index import Index
from scanner.packs.loader import builtin_packs, load_packs, unique_rules
from scanner.packs.python import describe_failure, load_check
from tests.conftest import ROOT
from tests.packs.test_rule_file import BODY, FRONT

PLAIN = FRONT.replace("needs: [inventory]\nlooks_up:\n  networking.k8s.io/NetworkPolicy: [spec]\n", "")


def write_pack(root: Path, name: str = "acme", *rules: str, code: str = "def check(resource):\n    yield\n") -> Path:
    folder = root / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pack.yaml").write_text(f"name: {name}\nversion: 1.2.0\n")
    for number, rule in enumerate(rules or ("one",), 1):
        (folder / rule).mkdir(exist_ok=True)
        front = PLAIN.replace("ACME-001", f"ACME-{number:03d}")
        (folder / rule / "rule.md").write_text(f"---\n{front}---\n{BODY}")
        (folder / rule / "rule.py").write_text(code)
    return folder


def test_a_folder_with_a_manifest_is_a_pack_and_its_folders_are_rules(tmp_path: Path) -> None:
    write_pack(tmp_path / "packs", "acme", "one", "two")
    (pack,) = load_packs([str(tmp_path / "packs")])
    assert (pack.name, pack.version, pack.builtin) == ("packs/acme", "1.2.0", False)
    assert [rule.id for rule in pack.rules] == ["ACME-001", "ACME-002"]
    assert load_packs([str(tmp_path / "packs" / "acme")])[0].name == "packs/acme"


def test_the_digest_is_over_the_content_and_nothing_else(tmp_path: Path) -> None:
    folder = write_pack(tmp_path / "packs")
    before = load_packs([str(folder)])[0].digest
    os.utime(folder / "one" / "rule.py", (1, 1))
    assert load_packs([str(folder)])[0].digest == before
    (folder / "one" / "rule.py").write_text("def check(resource):\n    return iter(())\n")
    after = load_packs([str(folder)])[0].digest
    assert after != before
    assert len(after) == len("sha256:") + 64


def test_the_index_is_used_until_a_file_changes(tmp_path: Path) -> None:
    folder = write_pack(tmp_path / "packs")
    packs = load_packs([str(folder)])
    cached = Index.of(str(folder)).cached()
    assert cached is not None
    assert cached[0].digest == packs[0].digest
    (folder / "one" / "rule.md").write_text((folder / "one" / "rule.md").read_text().replace("critical", "low"))
    assert Index.of(str(folder)).cached() is None
    assert load_packs([str(folder)])[0].rules[0].severity.label == "low"


def test_a_broken_index_is_as_good_as_none(tmp_path: Path) -> None:
    folder = write_pack(tmp_path / "packs")
    load_packs([str(folder)])
    for path in Path(os.environ["XDG_CACHE_HOME"], "bulkhead").glob("*.index"):
        path.write_bytes(b"\x80\x05broken")
    assert len(load_packs([str(folder)])) == 1


def test_an_index_that_others_could_have_written_is_not_read(tmp_path: Path) -> None:
    folder = write_pack(tmp_path / "packs")
    load_packs([str(folder)])
    (index,) = Path(os.environ["XDG_CACHE_HOME"], "bulkhead").glob(f"packs-{_index_name(folder)}.index")
    assert Index.of(str(folder)).cached() is not None
    index.chmod(0o666)
    assert Index.of(str(folder)).cached() is None


def test_our_own_packs_named_by_path_are_foreign_and_stay_ours_otherwise() -> None:
    named = load_packs([str(ROOT / "rego")])
    assert not any(pack.builtin for pack in named)
    assert all(pack.builtin for pack in builtin_packs())


def _index_name(folder: Path) -> str:
    return hashlib.sha256(str(folder).encode()).hexdigest()[:16]


def test_without_a_place_for_the_index_packs_load_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/dev/null/nowhere")
    assert len(load_packs([str(write_pack(tmp_path / "packs"))])) == 1


def test_two_rules_with_one_id_are_an_error_naming_both(tmp_path: Path) -> None:
    write_pack(tmp_path / "packs", "acme")
    write_pack(tmp_path / "packs", "other")
    with pytest.raises(PackError, match=r"cannot load rule ACME-001: both .*acme.one and .*other.one have this id"):
        load_packs([str(tmp_path / "packs")])


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        ("name: acme\n", "fields 'name' and 'version' are needed"),
        ("name: [\n", "pack.yaml:"),
        ("name: acme\nversion: 1\nminimum_scanner: 99.0.0\n", "it needs Bulkhead 99.0.0"),
    ],
)
def test_a_broken_manifest_says_so(tmp_path: Path, manifest: str, message: str) -> None:
    folder = write_pack(tmp_path)
    (folder / "pack.yaml").write_text(manifest)
    with pytest.raises(PackError, match=message):
        load_packs([str(folder)])


def test_a_folder_without_a_pack_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(PackError) as caught:
        load_packs([str(tmp_path)])
    assert "there is no pack.yaml" in str(caught.value)
    assert "'bulkhead rules new PATH'" in caught.value.diagnostics()
    with pytest.raises(PackError, match="no such folder"):
        load_packs([str(tmp_path / "nowhere")])


def test_a_rule_has_one_language(tmp_path: Path) -> None:
    folder = write_pack(tmp_path)
    (folder / "one" / "rule.rego").write_text("package x\n")
    with pytest.raises(PackError, match=r"must hold exactly one of rule\.py, rule\.rego"):
        load_packs([str(folder)])


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("def check(resource:\n", r"rule\.py:1: SyntaxError"),
        ("import nothing_like_it\n", r"rule\.py:1: ModuleNotFoundError"),
        ("x = 1\n\n\ny = 1 / 0\n", r"rule\.py:4: ZeroDivisionError"),
        ("verdict = 1\n", "has no function 'check'"),
        ("def check(resource, estate):\n    yield\n", r"check\(resource, estate\) must be check\(resource\)"),
    ],
)
def test_code_that_cannot_be_loaded_names_its_line(tmp_path: Path, code: str, message: str) -> None:
    (pack,) = load_packs([str(write_pack(tmp_path, code=code))])
    with pytest.raises(PackError, match=message):
        load_check(pack.rules[0])


def test_a_check_that_raises_is_described_by_its_line_without_values(tmp_path: Path) -> None:
    code = "def check(resource):\n    secret = resource\n    raise ValueError(secret)\n"
    (pack,) = load_packs([str(write_pack(tmp_path, code=code))])
    check = load_check(pack.rules[0])
    with pytest.raises(ValueError, match="hunter2") as caught:
        check("hunter2")
    assert describe_failure(pack.rules[0], caught.value) == "the rule raised ValueError at rule.py:3"


def test_the_built_in_packs_load_and_their_ids_are_unique() -> None:
    rules = unique_rules(builtin_packs())
    assert len(rules) >= 35
    assert list(rules) == sorted(rules)

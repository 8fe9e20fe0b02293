"""Who may change what exempts: CODEOWNERS, and what commits say of who did."""

import shutil
from pathlib import Path

import pytest

from scanner.errors import UsageError
from scanner.points.gate import evaluated
from scanner.points.owners import Owners
from tests.points.flags import flags
from tests.points.histories import commit, git

FILE = """# a comment
*                      @acme/all
/policy/               @acme/platform lead@example.net
/policy/open.yaml
docs/                  @acme/docs # why not
*.tf                   @acme/infra
[Security] @acme/security
/estate.yaml
"""


@pytest.mark.parametrize(
    ("path", "owners"),
    [
        ("a.yaml", ["@acme/all"]),
        ("policy/deep/er.yaml", ["@acme/platform", "lead@example.net"]),
        ("policy/open.yaml", []),
        ("a/docs/x.yaml", ["@acme/docs"]),
        ("policy/main.tf", ["@acme/infra"]),
        ("estate.yaml", ["@acme/all", "@acme/security"]),
    ],
)
def test_the_last_line_that_matches_decides_and_sections_add_up(path: str, owners: list[str]) -> None:
    assert list(Owners(FILE).of(path)) == owners


CONFIG = """rules: {only: [ISO-029]}
exemptions:
  files: [policy/exemptions.yaml]
  owners_file: CODEOWNERS
  owners: {"@acme/platform": ["*@platform.example.net"]}
"""
EXEMPTIONS = "apiVersion: exemptions/v1\nexemptions: []\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    for name, text in {
        "bulkhead.yaml": CONFIG,
        "CODEOWNERS": "/policy/ @acme/platform\n/CODEOWNERS @acme/unheard\n",
        "policy/exemptions.yaml": EXEMPTIONS,
        "a.yaml": "",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    git(tmp_path, "init", "-q", "-b", "main")
    commit(tmp_path)
    git(tmp_path, "checkout", "-q", "-b", "change")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def notes() -> list[str]:
    with evaluated(flags(base="main")) as (_, _, report):
        return [f"{note.input}: {note.reason}" for note in report.notes]


def test_a_file_that_nobody_owns_is_told(folder: Path) -> None:
    assert [note for note in notes() if "names no owner" in note] == [
        "bulkhead.yaml: it decides what is accepted, and the owners file names no owner for it: anybody may change it"
    ]


def test_who_changed_it_is_compared_with_who_may(folder: Path) -> None:
    (folder / "policy/exemptions.yaml").write_text(EXEMPTIONS + "# more\n")
    commit(folder, mail="ann@platform.example.net")
    assert not [note for note in notes() if "changed by" in note]
    (folder / "policy/exemptions.yaml").write_text(EXEMPTIONS)
    commit(folder, mail="Dev@example.net")
    (said,) = (note for note in notes() if "changed by" in note)
    assert said.startswith("policy/exemptions.yaml: changed by Dev@example.net (commit ")
    assert said.endswith("), who is not one of its owners, @acme/platform")


def test_what_cannot_be_known_is_said(folder: Path) -> None:
    (folder / "CODEOWNERS").write_text("* @acme/unheard\n")
    commit(folder)
    (said,) = (note for note in notes() if "changed by" in note)
    assert said.endswith("; whether that is one of @acme/unheard cannot be known: exemptions.owners does not say")


def test_an_owners_file_that_is_not_there_is_an_error(folder: Path) -> None:
    git(folder, "checkout", "-q", "main")
    (folder / "CODEOWNERS").unlink()
    commit(folder)
    git(folder, "checkout", "-q", "-B", "change")
    with pytest.raises(UsageError, match=r"cannot read owners file .*CODEOWNERS: no such file"):
        notes()

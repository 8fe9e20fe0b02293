"""The examples of the documentation are executed."""

import re
from datetime import date
from pathlib import Path

import pytest

from scanner.config import load_config
from scanner.estate import consistency, load_estate
from scanner.estate.references import structural
from scanner.exemptions import load_exemptions

DOCS = Path(__file__).resolve().parents[1] / "docs"


@pytest.fixture(autouse=True)
def _own_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def example(page: str, name: str) -> str:
    """Write the only YAML block of a page to a file and return its path."""
    blocks = re.findall(r"^```yaml\n(.*?)^```$", (DOCS / page).read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert len(blocks) == 1
    Path(name).write_text(blocks[0], "utf-8")
    return name


def test_the_estate_of_the_documentation_is_consistent() -> None:
    estate = load_estate(example("estate.md", "estate.yaml"))
    assert list(structural(estate)) == []
    assert consistency(estate, date(2026, 11, 21)) == ()
    assert estate.resolve("aks-weu", "erp-dunmore-prd", {}).tenant == "t01"


def test_the_configuration_of_the_documentation_can_be_read() -> None:
    config = load_config(example("configuration.md", "bulkhead.yaml"))
    assert config.exemptions.max_days == 90
    assert all(getattr(config, name) for name in config.__slots__), "it shows every key"


def test_the_exemptions_of_the_documentation_count() -> None:
    found, notes = load_exemptions(example("exemptions.md", "exemptions.yaml"))
    assert [one.id for one in found] == ["EX-2026-011", "EX-2026-022"]
    assert notes == ()

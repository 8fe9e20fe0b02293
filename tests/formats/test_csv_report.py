import csv
import io

import pytest

from scanner.formats.csv_report import COLUMNS, cell
from scanner.report import Report
from tests.formats.comparisons import compared
from tests.formats.hostile import TEXTS, hostile
from tests.formats.rendering import rendered
from tests.formats.snapshots_of import FOLDER, assert_snapshot


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_the_whole_output(full: Report) -> None:
    text = rendered("csv", full)

    assert_snapshot("report.csv", text.replace("\r\n", "\n"))
    assert text.count("\r\n") == text.count("\n")
    assert FOLDER.joinpath("report.csv").is_file()


def test_every_finding_and_every_unread_input_is_a_row(full: Report) -> None:
    found = rows(rendered("csv", full))

    assert len(found) == len(full.findings) + 2
    assert [row["verdict"] for row in found[-2:]] == ["unparsed", "partial"]
    assert {row["verdict"] for row in found[:-2]} == {"fail", "unknown", "error", "exempted"}
    assert all(None not in row and tuple(row) == COLUMNS for row in found)


def test_a_comparison_fills_its_column(full: Report) -> None:
    changes = [row["change"] for row in rows(rendered("csv", full, comparison=compared(full)))]

    assert (changes.count("introduced"), changes.count("fixed"), changes.count("became_unknown")) == (3, 1, 1)
    assert changes.count("unchanged") == 5


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "＝1", " =1", '="x",1'])
def test_a_formula_is_no_formula(text: str) -> None:
    (read,) = next(csv.reader([cell(text)]))

    assert read.startswith("'")


@pytest.mark.parametrize("text", ["plain", "a=b", "a,b", 'a"b', "größe", "1.5", ""])
def test_other_text_is_as_it_was(text: str) -> None:
    (read,) = next(csv.reader([cell(text)]), [""]) or [""]

    assert read == text


def test_hostile_text_stays_in_its_cell() -> None:
    found = rows(rendered("csv", hostile()))

    assert len(found) == 4 * len(TEXTS)
    for row in found:
        assert None not in row
        for value in row.values():
            assert value.isprintable()
            assert not value.startswith(("=", "+", "-", "@", "＝"))

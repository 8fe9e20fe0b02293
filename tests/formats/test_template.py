import json
import subprocess
import sys
from pathlib import Path

import pytest

from scanner.errors import ReportError, UsageError
from scanner.formats import format_named
from scanner.formats.interface import Presentation
from scanner.report import Report
from tests.formats.comparisons import compared
from tests.formats.hostile import hostile
from tests.formats.rendering import rendered
from tests.formats.snapshots_of import assert_snapshot

jinja2 = pytest.importorskip("jinja2", reason="templates need the extra 'templates'")

NOTES = """\
# {{ estate.name }}: {{ gate.outcome }}
{% for finding in findings if finding.verdict == "fail" %}
- {{ finding.severity }} {{ finding.rule | markdown_code }} {{ finding.message | markdown }}
{% endfor %}
{% if comparison is defined %}
{{ comparison.introduced }} introduced since {{ comparison.base }}
{% endif %}
{{ ledger | selectattr("incomplete") | list | length }} of {{ ledger | length }} inputs not read in full
"""


def template(tmp_path: Path, text: str, name: str = "notes.md.j2") -> str:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return f"template:{path}"


def test_the_whole_output(full: Report, tmp_path: Path) -> None:
    assert_snapshot("notes.md", rendered(template(tmp_path, NOTES), full, comparison=compared(full)))


def test_it_has_the_keys_of_the_json_report(full: Report, tmp_path: Path) -> None:
    document = json.loads(rendered("json", full))

    dumped = rendered(template(tmp_path, f"{{{{ [{', '.join(document)}] | tojson }}}}"), full)

    assert json.loads(dumped) == list(document.values())


@pytest.mark.parametrize(
    ("text", "line", "cause"),
    [
        ("fine\n{{ nothing }}", 2, "'nothing' is undefined"),
        ("{% for f in findings %}\n{{ f.rule }}\n{{ f.colour }}\n{% endfor %}", 3, "has no attribute 'colour'"),
        ("a\n{% if %}", 2, "Expected an expression"),
        ("a\n\n{{ 1 / 0 }}", 3, "division by zero"),
        ("{{ findings | nope }}", 1, "No filter named 'nope'"),
        ("{{ findings.append(1) }}", 1, "is unsafe"),
        ("{{ ''.__class__.__mro__ }}", 1, "unsafe"),
        ("{% for n in range(10 ** 9) %}{% endfor %}", 1, "Range too big"),
        ("{% include '/etc/passwd' %}", 1, "/etc/passwd"),
    ],
)
def test_a_mistake_is_told_with_template_and_line(
    full: Report, tmp_path: Path, text: str, line: int, cause: str
) -> None:
    with pytest.raises(ReportError) as caught:
        rendered(template(tmp_path, text), full)

    assert f"notes.md.j2, line {line}: " in str(caught.value)
    assert cause in str(caught.value)


def test_a_mistake_of_syntax_shows_before_the_scan(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="line 1"):
        format_named(template(tmp_path, "{% endfor %}"))


@pytest.mark.parametrize("name", ["missing.j2", "."])
def test_a_template_that_cannot_be_read(tmp_path: Path, name: str) -> None:
    with pytest.raises(ReportError, match="cannot read template"):
        format_named(f"template:{tmp_path / name}")


def test_a_template_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "a.j2").write_bytes(b"\xff\xfe")

    with pytest.raises(ReportError, match="it is not UTF-8 text"):
        format_named(f"template:{tmp_path / 'a.j2'}")


def test_the_file_must_be_named() -> None:
    with pytest.raises(UsageError) as caught:
        format_named("template")

    assert "template:release-notes.md.j2=notes.md" in caught.value.diagnostics()


def test_markup_is_escaped_in_templates_of_markup(tmp_path: Path) -> None:
    text = "{% for f in findings %}{{ f.message | printable }}\n{% endfor %}"

    assert "<script>" not in rendered(template(tmp_path, text, "page.html.j2"), hostile())
    assert "<script>" in rendered(template(tmp_path, text, "page.txt.j2"), hostile())
    for character in rendered(template(tmp_path, text), hostile()):
        assert character.isprintable() or character == "\n"


def test_without_jinja2_the_extra_is_named(tmp_path: Path) -> None:
    name = template(tmp_path, "x")
    program = (
        "import sys; sys.modules['jinja2'] = None\n"
        "from scanner.errors import ReportError\nfrom scanner.formats import format_named\n"
        f"try: format_named({name!r})\nexcept ReportError as error: print(error.diagnostics())"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

    assert "Jinja2 is not installed" in told
    assert "pip install 'bulkhead-scanner[templates]'" in told


def test_it_is_written_whole_or_not_at_all(full: Report, tmp_path: Path) -> None:
    pieces = format_named(template(tmp_path, "{{ estate.name }}\n{{ nope }}")).render(full, Presentation())

    with pytest.raises(ReportError):
        next(pieces)

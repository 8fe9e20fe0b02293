import subprocess
import sys

import pytest

from scanner.errors import UsageError
from scanner.formats import FORMATS, TEMPLATE, format_named
from scanner.formats.interface import Format


@pytest.mark.parametrize("name", [name for name in FORMATS if name != TEMPLATE])
def test_every_format_is_found_by_its_name(name: str) -> None:
    found = format_named(name)

    assert isinstance(found, Format)
    assert found.name == name


def test_an_unknown_format_names_the_known_ones() -> None:
    with pytest.raises(UsageError) as caught:
        format_named("xml")

    assert caught.value.diagnostics() == (
        "cannot write a report: unknown format 'xml'\n"
        "  help: the formats are text, json, sarif, html, markdown, junit, csv, github, github-summary, "
        "azure-pipelines, gitlab, template, as in --report sarif=out.sarif"
    )


@pytest.mark.parametrize("name", ["text:x", "sarif:a.j2", "xml:", ":a"])
def test_only_a_template_has_an_argument(name: str) -> None:
    with pytest.raises(UsageError):
        format_named(name)


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in (TEMPLATE, "sarif")])
def test_only_sarif_pays_for_its_object_model(name: str) -> None:
    program = (
        f"import sys; from scanner.formats import format_named; format_named({name!r}); "
        "sys.exit(bool({'sarif_om', 'attr', 'rich', 'click', 'jsonschema', 'yaml', 'jinja2'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0

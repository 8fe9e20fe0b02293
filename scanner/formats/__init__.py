"""Formats: a Report as text, SARIF, Markdown and so on, each behind :class:`scanner.formats.interface.Format`."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from scanner.errors import UsageError

if TYPE_CHECKING:
    from scanner.formats.interface import Format

FORMATS: Mapping[str, str] = {
    "text": "scanner.formats.text:TextFormat",
    "json": "scanner.formats.json_report:JsonFormat",
    "sarif": "scanner.formats.sarif:SarifFormat",
    "html": "scanner.formats.html:HtmlFormat",
    "markdown": "scanner.formats.markdown:MarkdownFormat",
    "junit": "scanner.formats.junit:JunitFormat",
    "csv": "scanner.formats.csv_report:CsvFormat",
    "github": "scanner.formats.github:GithubFormat",
    "github-summary": "scanner.formats.markdown:GithubSummaryFormat",
    "azure-pipelines": "scanner.formats.azure_pipelines:AzurePipelinesFormat",
    "gitlab": "scanner.formats.gitlab:GitlabFormat",
    "template": "scanner.formats.template:TemplateFormat",
}
"""Name → ``module:Class``. A run pays only for the formats it writes."""
TEMPLATE = "template"
"""The one format with an argument: ``template:FILE``."""
MARKDOWN_FORMATS = ("markdown", "github-summary")
"""Formats whose files a build service can attach as a summary."""


def format_named(name: str) -> "Format":
    """Return the Format of that name, loaded now; raises UsageError with the valid names."""
    base, _, argument = name.partition(":")
    target = FORMATS.get(base)
    if target is None or (argument and base != TEMPLATE):
        raise UsageError(
            f"cannot write a report: unknown format '{name}'",
            hint=f"the formats are {', '.join(FORMATS)}, as in --report sarif=out.sarif",
        )
    if base == TEMPLATE and not argument:
        raise UsageError(
            "cannot write a report: the template is missing",
            hint="name its file, as in --report template:release-notes.md.j2=notes.md",
        )
    from importlib import import_module

    module, _, class_name = target.partition(":")
    make = getattr(import_module(module), class_name)
    found: Format = make(argument) if argument else make()
    return found

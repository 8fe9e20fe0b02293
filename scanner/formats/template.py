"""A report of the user's own making: a Jinja2 template over the keys of the JSON report.

``--report template:FILE=PATH``. The template runs in Jinja2's sandbox and reads no other file: it may come from the
same repository as what is scanned. A name that the report does not have is an error, never an empty place.
"""

import os
from collections.abc import Callable, Iterator
from typing import Any

from scanner.errors import ReportError
from scanner.formats.csv_report import cell
from scanner.formats.interface import Format, Presentation
from scanner.formats.json_report import document
from scanner.formats.markdown.escaping import code, text
from scanner.formats.printable import printable
from scanner.report import Report

INSTALL = "install it: pip install 'bulkhead-scanner[templates]'"
MARKUP = (".html", ".htm", ".xhtml", ".xml", ".svg")
"""Endings of the template's name, before ``.j2``, for which ``{{ … }}`` escapes markup."""
FILTERS: dict[str, Callable[[str], str]] = {
    "printable": printable,
    "markdown": text,
    "markdown_code": code,
    "csv_cell": cell,
}
"""Filters beside Jinja2's own: each makes text of an input harmless where it is put."""


class TemplateFormat(Format):
    """A Report through a template; read and compiled now, so that a mistake shows before the scan."""

    name = "template"

    def __init__(self, file: str = "") -> None:
        self._file = file
        self._template = _compiled(file) if file else None

    def render(self, report: Report, presentation: Presentation) -> Iterator[str]:
        """Yield the whole text at once: a template may fail at its end, and half a report is none."""
        import jinja2

        assert self._template is not None, "format_named refuses a template without its file"
        try:
            yield self._template.render(document(report, presentation))
        except jinja2.TemplateError as error:
            raise _fault(self._file, _line(error, self._file), str(error.message or error)) from error
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            raise _fault(self._file, _line(error, self._file), f"{type(error).__name__}: {error}") from error


def _compiled(file: str) -> Any:
    try:
        import jinja2
        from jinja2.sandbox import ImmutableSandboxedEnvironment
    except ImportError:
        raise ReportError(f"cannot write report through {file}: Jinja2 is not installed", hint=INSTALL) from None
    source = _read(file)
    name = file.lower().removesuffix(".j2").removesuffix(".jinja")
    environment = ImmutableSandboxedEnvironment(
        undefined=jinja2.StrictUndefined,
        autoescape=name.endswith(MARKUP),
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=jinja2.FunctionLoader(lambda wanted: (source, file, None) if wanted == file else None),
    )
    environment.filters.update(FILTERS)
    try:
        return environment.get_template(file)
    except jinja2.TemplateSyntaxError as error:
        raise _fault(file, error.lineno, error.message or "it is no template") from error
    except jinja2.TemplateError as error:
        raise _fault(file, 0, str(error)) from error


def _read(file: str) -> str:
    try:
        with open(file, encoding="utf-8") as stream:
            return stream.read()
    except (OSError, ValueError) as error:
        cause = error.strerror if isinstance(error, OSError) and error.strerror else "it is not UTF-8 text"
        hint = "name a file, as in --report template:notes.md.j2=notes.md"
        raise ReportError(f"cannot read template {file}: {cause[:1].lower()}{cause[1:]}", hint=hint) from error


def _line(error: BaseException, file: str) -> int:
    """Return the innermost line of the template that ``error`` came through; 0 where it came through none."""
    line, trace = 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == file:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _fault(file: str, line: int, cause: str) -> ReportError:
    place = f"{os.path.normpath(file)}, line {line}" if line else os.path.normpath(file)
    return ReportError(
        f"cannot write report through template {place}: {cause}",
        hint="it has the keys of the JSON report: docs/json-report.md",
    )

"""Writes the documents that are generated: the command reference and the published schemas.

``python docs/generate.py`` writes them; with ``--check`` it only says which are not current, and fails.
"""

import os
import shutil
import sys
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parent
PACKAGE = ROOT.parent / "scanner"
SCHEMAS = {
    "baseline.schema.json": PACKAGE / "points" / "baseline.schema.json",
    "estate.schema.json": PACKAGE / "estate" / "schema.json",
    "exemptions.schema.json": PACKAGE / "exemptions" / "schema.json",
    "config.schema.json": PACKAGE / "config.schema.json",
    "report.schema.json": PACKAGE / "formats" / "report.schema.json",
}


def command_reference() -> str:
    """Return the help of every command as one Markdown page."""
    from scanner.cli import cli

    lines = ["# Commands", "", "Generated from `bulkhead --help`; run `python docs/generate.py` to renew it.", ""]
    for path, command in _walk(cli, ("bulkhead",)):
        context = _context(path, command)
        lines += [f"## {' '.join(path)}", "", "```text", command.get_help(context).rstrip(), "```", ""]
    return "\n".join(lines)


def _walk(command: click.Command, path: tuple[str, ...]) -> list[tuple[tuple[str, ...], click.Command]]:
    found = [(path, command)]
    if isinstance(command, click.Group):
        context = _context(path, command)
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            assert child is not None, "a group lists only commands it has"
            found += _walk(child, (*path, name))
    return found


def _context(path: tuple[str, ...], command: click.Command) -> click.Context:
    parent = None
    for name in path[:-1]:
        parent = click.Context(click.Group(name), info_name=name, parent=parent)
    settings = {"terminal_width": 100, "max_content_width": 100, "help_option_names": ["-h", "--help"]}
    return click.Context(command, info_name=path[-1], parent=parent, **settings)


def wanted() -> dict[Path, str]:
    """Return path → text of every generated document."""
    documents = {ROOT / "schemas" / name: path.read_text("utf-8") for name, path in SCHEMAS.items()}
    documents[ROOT / "cli.md"] = command_reference()
    return {**documents, **webhook_chart()}


def webhook_chart() -> dict[Path, str]:
    """Return path → text of the Helm chart, which is made from the manifests of ``bulkhead deploy webhook``."""
    from scanner.points.admission.deployment.deployed import deployed_chart

    folder = ROOT.parent / "deploy" / "charts" / "bulkhead-webhook"
    return {folder / name: text for name, text in deployed_chart().items()}


def main() -> int:
    """Write or check; returns the exit code."""
    os.environ["NO_COLOR"] = "1"
    shutil.get_terminal_size = lambda fallback=(100, 24): os.terminal_size((100, 24))  # type: ignore[assignment]
    check = "--check" in sys.argv[1:]
    stale = 0
    for path, text in wanted().items():
        if path.is_file() and path.read_text("utf-8") == text:
            continue
        stale += 1
        if check:
            print(f"not current: {path.relative_to(ROOT.parent)}; run 'python docs/generate.py'")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
            print(f"wrote {path.relative_to(ROOT.parent)}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())

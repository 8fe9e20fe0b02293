"""The command line: one module per command, loaded when it is called.

Nothing here judges. A command chooses sources, packs, what blocks and output, calls :func:`scanner.scan.scan`, and
turns the Report into an exit code.
"""

import gc
import os
import sys

import click

from scanner import __version__

COMMANDS = {
    "scan": ("scanner.cli.scan", "Scan manifests and close or open the gate."),
    "audit": ("scanner.cli.audit", "Audit the whole estate: clusters and subscriptions."),
    "drift": ("scanner.cli.drift", "Compare what is declared with what is live."),
    "webhook": ("scanner.cli.webhook", "Decide about requests to a Kubernetes API server."),
    "explain": ("scanner.cli.explain", "Explain a rule, or one finding: where its value came from."),
    "baseline": ("scanner.cli.baseline", "Write down known findings, so that only others block."),
    "exemptions": ("scanner.cli.exemptions", "List and check accepted findings."),
    "rules": ("scanner.cli.rules", "List, show, test and write rules."),
    "runs": ("scanner.cli.runs", "List and compare the runs of the audit."),
    "estate": ("scanner.cli.estate", "Validate and show the estate."),
    "permissions": ("scanner.cli.permissions", "Print what an audit must be allowed to read."),
    "deploy": ("scanner.cli.deploy", "Render what runs an audit every night."),
    "config": ("scanner.cli.config", "Show what bulkhead.yaml accepts."),
    "completion": ("scanner.cli.completion", "Print the script for shell completion."),
}
"""Command → (module, one-line help). The help stands here so that ``--help`` need not import every command."""


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command."""
        if cmd_name not in COMMANDS:
            return None
        from importlib import import_module

        command: click.Command = import_module(COMMANDS[cmd_name][0]).command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Suggest the nearest command for an unknown one."""
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, n=1)
            hint = f" Did you mean '{near[0]}'?" if near else f" Commands: {', '.join(COMMANDS)}."
            ctx.fail(f"No such command '{args[0]}'.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_) for name, (_, help_) in COMMANDS.items()])


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="\b\nExit codes: 0 passed, 1 blocking findings, 2 usage or configuration error, 3 incomplete.",
)
@click.version_option(__version__, prog_name="bulkhead", message="%(prog)s %(version)s")
@click.option("--debug", is_flag=True, help="Show a traceback when something goes wrong inside Bulkhead.")
def cli(debug: bool) -> None:
    """Bulkhead: policy as code for multi-tenant estates on Azure and Kubernetes.

    \b
    Examples:
      bulkhead scan manifests/
      bulkhead scan . --estate estate.yaml --report sarif=out.sarif --report text=-
      bulkhead explain ISO-029
    """


def main() -> None:
    """Run the command line; the only place where errors become text and exit codes."""
    # A run makes millions of small values and hardly a cycle; looking for cycles as often as by default costs a third.
    gc.set_threshold(100_000, 20, 50)
    debug = "--debug" in sys.argv[1:] or bool(os.environ.get("BULKHEAD_DEBUG"))
    try:
        sys.exit(cli(standalone_mode=False, prog_name="bulkhead"))
    except click.exceptions.Exit as exit_:
        sys.exit(exit_.exit_code)
    except click.Abort:
        _say("stopped")
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except BrokenPipeError:
        # the reader of our output has gone (| head): not an error, but nothing more can be written
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:
        if debug:
            raise
        sys.exit(_report(error))


def _report(error: Exception) -> int:
    from scanner.errors import BulkheadError

    if isinstance(error, BulkheadError):
        _say(error.diagnostics())
        return error.exit_code
    _say(f"internal error: {type(error).__name__}: {error}\n  help: run again with --debug and report the traceback")
    return 3


def _say(text: str) -> None:
    click.secho("error: ", fg="red", bold=True, nl=False, err=True)
    click.echo(text, err=True)

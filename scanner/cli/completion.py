"""``bulkhead completion``: the script that teaches a shell our commands."""

import click


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the script for shell completion.

    \b
    Examples:
      bulkhead completion bash > ~/.local/share/bash-completion/completions/bulkhead
      bulkhead completion zsh  > "${fpath[1]}/_bulkhead"
      bulkhead completion fish > ~/.config/fish/completions/bulkhead.fish
    """
    from click.shell_completion import get_completion_class

    from scanner.cli import cli

    completion = get_completion_class(shell)
    assert completion is not None, "the three shells are known to click"
    click.echo(completion(cli, {}, "bulkhead", "_BULKHEAD_COMPLETE").source())

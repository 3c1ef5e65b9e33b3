"""``hanicrawler completion``: what a shell needs to complete commands, options and names."""

from __future__ import annotations

import click
from click.shell_completion import ShellComplete, get_completion_class

from hanicrawler.cli.options import OneLineCommand

SHELLS = ("bash", "zsh", "fish")


@click.command("completion", cls=OneLineCommand)
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print what SHELL needs to complete commands, options, sections, labels and authors.

    \b
    bash    eval "$(hanicrawler completion bash)"      in ~/.bashrc
    zsh     eval "$(hanicrawler completion zsh)"       in ~/.zshrc, after compinit
    fish    hanicrawler completion fish > ~/.config/fish/completions/hanicrawler.fish

    Names are completed from the database that HANICRAWLER_DATABASE names, or hanicrawler.db in
    the working folder.
    """  # noqa: D301 (click's mark for lines to be left as they are)
    found = get_completion_class(shell)
    assert found is not None, "click knows these shells"
    complete = found(ctx.find_root().command, {}, "hanicrawler", "_HANICRAWLER_COMPLETE")
    # Not bash's own way: it starts a bash to learn its version, and warns where there is none.
    click.echo(ShellComplete.source(complete), nl=False)

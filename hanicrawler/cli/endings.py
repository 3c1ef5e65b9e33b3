"""How every command ends when its output is no longer wanted: quietly, with the usual status."""

from __future__ import annotations

import errno
import os
import signal
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

BROKEN_PIPE: Final = 128 + 13
"""What a shell reports of a program that ended because nobody read on, as ``cat`` does."""
INTERRUPTED: Final = 128 + int(signal.SIGINT)

_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EIO})


@contextmanager
def quiet_endings() -> Iterator[None]:
    """End the command without a traceback on Ctrl-C, a broken pipe and a full disk.

    The statuses are 130, 141 and 1, the last with one line.
    """
    try:
        try:
            yield
        finally:
            # Now, and not when the interpreter ends: it would only complain.
            if sys.stdout is not None:
                sys.stdout.flush()
    except KeyboardInterrupt:
        if sys.stderr is not None and sys.stderr.isatty():
            click.echo(err=True)  # ends the line in which the terminal shows ^C
        raise click.exceptions.Exit(INTERRUPTED) from None
    except OSError as error:
        if error.errno == errno.EPIPE:
            _drop_output()
            raise click.exceptions.Exit(BROKEN_PIPE) from None
        if error.errno in _NO_ROOM and error.filename is None:
            _drop_output()
            raise click.ClickException(f"the output cannot be written: {error.strerror}") from error
        raise


def _drop_output() -> None:
    """Send what is still to be written nowhere: the interpreter writes it when it ends."""
    with suppress(OSError, ValueError, AttributeError):  # a stand-in of a test has no file
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)

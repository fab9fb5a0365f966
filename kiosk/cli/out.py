"""What the command line says: the one door to its terminal. No word from outside gets through as a command."""

from __future__ import annotations

from io import StringIO
from typing import Any

import click

from kiosk.untrusted import json_text, printable, printable_lines


def put(line: str = "", *, err: bool = False) -> None:
    """One line, whatever is in it."""
    click.echo(printable(line), err=err)


def put_lines(text: str, *, err: bool = False) -> None:
    """Several lines, broken by ourselves: a paper, a table. Ends in one line feed."""
    click.echo(printable_lines(text.removesuffix("\n")), err=err)


def say_json(value: Any, indent: int | None = 2) -> None:
    """For a script."""
    click.echo(json_text(value, indent))


def confirm(question: str) -> None:
    """Go on by a person's yes alone. Raises click.Abort."""
    click.confirm(printable(question), abort=True, err=True)


def tell_progress(percent: int, *, done: bool) -> None:
    """In one place of the terminal."""
    click.echo(f"\r{percent} % ", err=True, nl=done)


def ring() -> None:
    """Somebody is called."""
    click.echo("\a")


def refuse(error: click.ClickException) -> None:
    """What click says of wrong usage, which repeats what was typed."""
    told = StringIO()
    error.show(told)
    put_lines(told.getvalue(), err=True)

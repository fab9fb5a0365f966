"""The command line: one small file per command; each parses, calls the kiosk, and prints.

Exit codes: 0 done · 1 something is wrong (verify, reconcile) · 2 wrong usage · 3 configuration · 4 clerk or PIN · 5 a
number or amount that cannot be read · 6 a remote gave no answer, or refused · 7 another process holds the queue or the
seat · 8 ledger · 9 not allowed in this state · 10 paid and waiting for delivery · 11 to be given back · 12 a clerk
decides · 14 the machine itself: a full disk, a file that cannot be used, a defect of ours.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import click
from click.core import ParameterSource

from kiosk.cli.out import put, refuse
from kiosk.errors import (
    ClerkError,
    ConfigError,
    Illegal,
    KioskError,
    LedgerError,
    NoAnswer,
    QueueHeld,
    SeatTaken,
    Unreadable,
)

log = logging.getLogger(__name__)

MACHINE = 14
EXIT_CODES: tuple[tuple[type[KioskError], int], ...] = (
    (ConfigError, 3),
    (ClerkError, 4),
    (Unreadable, 5),
    (NoAnswer, 6),
    (QueueHeld, 7),
    (SeatTaken, 7),
    (LedgerError, 8),
    (Illegal, 9),
)
COMMANDS = {
    "run": "Open the kiosk.",
    "serve": "Open the kiosk for browsers: every page is a seat.",
    "counter": "Open the clerk's console.",
    "train": "Practise at the counter: what goes wrong, and whether it was solved.",
    "sell": "Sell a top-up for cash, from the SIM's number to the receipt.",
    "plans": "Show a SIM and its plans.",
    "sync": "Work the queue: deliver, give back, look up.",
    "orders": "List orders.",
    "show": "Show an order's timeline.",
    "cash": "Take the cash for an order that waits at the kiosk.",
    "cash-back": "Hand cash back for an order that is to be refunded.",
    "shift": "Change money, cash in and out, readings, closings.",
    "receipt": "Print an order's receipt once more.",
    "print-test": "Print a test page, and say how the printer is.",
    "doctor": "Look at what a sale needs, and say what to do.",
    "seats": "See at which step each kiosk's customer is, and who calls for staff.",
    "message": "Send a customer the message about an order once more.",
    "review": "List what waits for a clerk.",
    "request-credit": "Ask the provider to pay a failed top-up back to the float.",
    "decide": "Decide an order in review, or a finding.",
    "reconcile": "Compare a day with the rails' bills and the providers' lists.",
    "report": "Sales, margin, delivery times and failures of a day, week or month.",
    "verify": "Check the ledger: chain, orders, invariants.",
    "backup": "Copy the ledger while the kiosk goes on selling.",
    "restore": "Put a backup in the ledger's place.",
    "simulate": "Prove the promise: days of faults, by seed.",
    "settings": "See and change what changes daily: out of service, ways to pay, promotions, volume.",
    "clerk": "Add, list and disable clerks; change a role or a PIN.",
    "audit": "Who did what, who signed in, what was changed.",
    "sandbox": "Run the providers' sandbox alone, to rehearse faults.",
    "devices": "Stand in for a device that is not there.",
}


def chosen(config_path: Path | None, *, training: bool) -> Path | None:
    """The configuration to use: --training stands above KIOSK_CONFIG (with --config it is a contradiction)."""
    source = click.get_current_context().get_parameter_source("config_path")
    return None if training and source is ParameterSource.ENVIRONMENT else config_path


class Commands(click.Group):
    """Imports a command's file when it is called: `kiosk run` must paint fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"kiosk.cli.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Every command takes --config FILE, or --training to practise without money. Exit codes: README.",
)
@click.version_option(package_name="topup-kiosk", prog_name="kiosk")
def group() -> None:
    """A kiosk where a walk-up customer tops up a prepaid US travel data SIM."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command. Whatever goes wrong is one sentence on stderr, and an exit code; tracebacks go to the log."""
    try:
        group(arguments, standalone_mode=False)
    except click.exceptions.Abort:
        put("Stopped.", err=True)
        sys.exit(130)
    except click.ClickException as error:
        refuse(error)
        sys.exit(error.exit_code)
    except KioskError as error:
        put(f"kiosk: {error}", err=True)
        sys.exit(next((code for kind, code in EXIT_CODES if isinstance(error, kind)), 1))
    except BrokenPipeError:
        sys.exit(141)
    except OSError as error:
        put(f"kiosk: {error.strerror or error}{f': {error.filename}' if error.filename else ''}.", err=True)
        sys.exit(MACHINE)
    except Exception as error:  # the last resort: a defect of ours
        log.exception("The command failed.")
        kind = type(error).__name__
        put(f"kiosk: a defect ({kind}); the log has it. What was paid is on record: kiosk orders.", err=True)
        sys.exit(MACHINE)

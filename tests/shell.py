"""The command line within the test's own process: quick enough to try every wrong word. For tests only."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from click.testing import CliRunner

from kiosk.cli import main


def kiosk_says(*arguments: str, config: Path | None = None, given: bytes = b"") -> tuple[int, str]:
    """The exit code, and all that was printed. The log's handlers do not outlive the command."""
    before = list(logging.getLogger().handlers)
    runner = CliRunner(env={"KIOSK_CONFIG": str(config) if config else None})
    with runner.isolation(input=given) as streams:
        code = exit_code(arguments)
        printed = b"".join(stream.getvalue() for stream in streams[:2])
    for handler in set(logging.getLogger().handlers) - set(before):
        logging.getLogger().removeHandler(handler)
        handler.close()
    return code, printed.decode()


def exit_code(arguments: Sequence[str]) -> int:
    try:
        main(arguments)
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0

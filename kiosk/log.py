"""The kiosk's log: one file in its state folder. The screen is the customer's.

It must never hold a card number, a phone number or an e-mail address, and never stop the kiosk: not by a full disk.
"""

from __future__ import annotations

import errno
import logging
import re
from contextlib import suppress
from pathlib import Path

from kiosk.errors import ConfigError
from kiosk.identifiers import without_phones
from kiosk.untrusted import printable


class Masked(logging.Formatter):
    """Log lines without what may not be in a log: card numbers, phone numbers and e-mail addresses.

    What a remote or a customer says forges no record and commands no terminal that shows the log: only a record's own
    line begins at the margin, what follows it is set in.
    """

    def format(self, record: logging.LogRecord) -> str:
        line = "\n    ".join(map(printable, super().format(record).split("\n")))
        line = re.sub(r"\b(\d{4})[\dA-F]{6,16}([\dA-F]{4})\b", r"\1****\2", line)
        return re.sub(r"[\w.+-]+@[\w-]+\.[\w.]+", "****@****", without_phones(line))


class LogFile(logging.FileHandler):
    """A file that its owner alone may read. A disk that takes no log must neither stop the kiosk, nor have it write on

    the customer's terminal; a file that was moved, or is gone with its folder, is begun anew.
    """

    def emit(self, record: logging.LogRecord) -> None:
        path = Path(self.baseFilename)
        with suppress(OSError):
            if not path.exists():
                self.close()
                path.touch(0o600)
            super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own name
        return


def log_to(path: Path) -> None:
    """Write the log to this file: the screen is the customer's. Raises ConfigError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(0o600)
    except OSError as error:
        if error.errno not in (errno.EROFS, errno.ENOSPC):  # these come and go, and the ledger says so itself
            raise ConfigError(f"ledger.state_dir: {path.parent} cannot be used: {error.strerror}.") from None
    handler = LogFile(path, encoding="utf-8", delay=True)
    handler.setFormatter(Masked("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    root.addHandler(handler)
    for chatty in ("httpx", "httpcore"):  # they log whole addresses, with card numbers in them
        logging.getLogger(chatty).setLevel(logging.WARNING)

"""E-mails as files in a folder, for training: open one with any mail program. Nothing leaves the machine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.contacts import Message
from kiosk.errors import NotNow
from kiosk.messages.letters import letter
from kiosk.ports import Clock
from kiosk.tables import Table, Text
from kiosk.untrusted import file_name

ADDRESS = "path"
SENDER = "kiosk@training.invalid"


class Settings(Table, frozen=True, kw_only=True):
    """`[messages.NAME]` with kind = "folder"."""

    path: Text


def is_live(settings: Settings) -> bool:
    """A folder reaches no customer: only training has it."""
    return False


@dataclass(slots=True)
class Folder:
    """See ports.Messenger."""

    path: Path
    clock: Clock
    name: str = "folder"

    def send(self, message: Message) -> str:
        file = self.path / f"{file_name(message.name)}.eml"
        try:
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
            file.write_bytes(letter(message, SENDER, self.clock.now()).as_bytes())
        except OSError as error:
            raise NotNow(f"{self.path} cannot be written: {error.strerror}.") from None
        return ""


def build(settings: Settings, *, clock: Clock, **_: Any) -> Folder:
    return Folder(Path(settings.path).expanduser(), clock)

"""What comes in from the terminal: keys, touches, pastes, scans; and whatever else a line or a customer sends.

Textual ends its program by a traceback where a byte is no UTF-8, or a report is none that it can read: a scanner set to
another alphabet, or a broken line, would put the kiosk out of service. Here such a byte is nobody's, and the next one
is read. It must never log what came: a bank card may be in it.
"""

from __future__ import annotations

import logging
import os
import selectors
from codecs import getincrementaldecoder
from collections.abc import Iterator

from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

log = logging.getLogger(__name__)

LOOK_S = 0.1
"""So often it is looked whether an Esc was a key of its own, as Textual's own driver does."""
READ_MAX = 4096


class Keyboard(LinuxDriver):
    """Textual's driver, with an ear that nothing deafens."""

    def run_input_thread(self) -> None:
        ear = Ear(self._debug)
        with selectors.DefaultSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                heard = os.read(self.fileno, READ_MAX) if selector.select(LOOK_S) else b""
                for event in ear.hear(heard):
                    self.process_message(event)


class Ear:
    """Textual's parser behind a decoder; and a new parser where it could not read something."""

    def __init__(self, debug: bool = False) -> None:
        self._debug = debug
        self._decode = getincrementaldecoder("utf-8")("ignore").decode
        self._begin()

    def _begin(self) -> None:
        from textual._xterm_parser import XTermParser

        self._parser = XTermParser(self._debug)

    def hear(self, data: bytes) -> Iterator[Message]:
        """The events in what came, and what has come to an end by itself since. Never raises."""
        try:
            if text := self._decode(data):
                yield from self._parser.feed(text)
            yield from self._parser.tick()
        except Exception as error:  # noqa: BLE001 - whatever a terminal can send; only its kind is told
            log.warning("Something that a terminal never sends was thrown away: %s", type(error).__name__)
            self._begin()

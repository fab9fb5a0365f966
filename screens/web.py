"""Textual's driver for screens on a page (`kiosk serve`): what its server says comes in, what is painted goes out.

One process may show one program after another on its page: the screens, the counter in their place, the screens again.
"""

from __future__ import annotations

import os
import select
from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from textual import events
from textual.app import App
from textual.drivers._byte_stream import ByteStream
from textual.drivers.web_driver import WebDriver
from textual.geometry import Size

from screens.keyboard import READ_MAX, Ear

SIZE = "KIOSK_PAGE"
GREETING = b"__GANGLION__\n"


class PageDriver(WebDriver):
    """A page never looks away: no touch is spent on a focus. A page that comes back is painted whole."""

    _stream: ClassVar[ByteStream] = ByteStream()
    """Of the process, not of one program: half a packet that one has read is the next one's, too."""
    _greeted: ClassVar[bool] = False

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        columns, _, rows = os.environ.get(SIZE, "80x24").partition("x")
        super().__init__(app, debug=debug, mouse=mouse, size=size or (int(columns), int(rows)))
        self._write = partial(self._greet_once, self._write)

    @classmethod
    def _greet_once(cls, write: Callable[[bytes], int], data: bytes) -> int:
        """The server waits for one greeting, and could not read a second one."""
        greets = data == GREETING
        if greets and cls._greeted:
            return len(data)
        cls._greeted = cls._greeted or greets
        return write(data)

    def start_application_mode(self) -> None:
        self._forget_what_was_typed()
        super().start_application_mode()
        self._app.call_later(self._app.post_message, events.AppFocus())  # Textual has just said the reverse

    def stop_application_mode(self) -> None:
        """Two that listen at once would each hear a half."""
        super().stop_application_mode()
        self._key_thread.join(2 * self._input_reader.timeout)

    def _forget_what_was_typed(self) -> None:
        """Keys and touches from before the first picture were meant for what is gone; a size is a size."""
        while select.select([0], [], [], 0)[0] and (data := os.read(0, READ_MAX)):
            for kind, payload in self._stream.feed(data):
                if kind != "D":
                    self._on_meta(kind, payload)

    def run_input_thread(self) -> None:
        ear = Ear(self._debug)
        for data in self._input_reader:
            for kind, payload in self._stream.feed(data) if data else ():
                if kind == "D":
                    for event in ear.hear(payload):
                        self.process_message(event)
                else:
                    self._on_meta(kind, payload)
            for event in ear.hear(b""):
                self.process_message(event)

    def on_meta(self, packet_type: str, payload: dict[str, object]) -> None:
        """A `resize` is also what a page says first. None of it ends the program."""
        if packet_type == "resize":
            size = Size(int(str(payload["width"])), int(str(payload["height"])))
            self._size = (size.width, size.height)
            os.environ[SIZE] = f"{size.width}x{size.height}"  # for the program that comes after this one
            self._app.post_message(events.Resize(size, size))
            self._app.call_later(self._paint_all)

    def _paint_all(self) -> None:
        if self._app.screen_stack:
            self._app.screen.refresh(layout=True)

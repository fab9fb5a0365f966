"""Textual's driver for screens on a page (`kiosk serve`): what its server says comes in, what is painted goes out."""

from __future__ import annotations

import os
from typing import Any

from textual import events
from textual.app import App
from textual.drivers.web_driver import WebDriver
from textual.geometry import Size


class PageDriver(WebDriver):
    """A page never looks away: no touch is spent on a focus. A page that comes back is painted whole."""

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        columns, _, rows = os.environ.get("KIOSK_PAGE", "80x24").partition("x")
        super().__init__(app, debug=debug, mouse=mouse, size=size or (int(columns), int(rows)))

    def start_application_mode(self) -> None:
        super().start_application_mode()
        self._app.call_later(self._app.post_message, events.AppFocus())  # Textual has just said the reverse

    def on_meta(self, packet_type: str, payload: dict[str, object]) -> None:
        """A `resize` is also what a page says first."""
        if packet_type == "resize":
            size = Size(int(str(payload["width"])), int(str(payload["height"])))
            self._size = (size.width, size.height)
            self._app.post_message(events.Resize(size, size))
            self._app.call_later(self._paint_all)
        elif packet_type != "blur":
            super().on_meta(packet_type, payload)

    def _paint_all(self) -> None:
        if self._app.screen_stack:
            self._app.screen.refresh(layout=True)

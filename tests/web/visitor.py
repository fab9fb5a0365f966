"""A page without a browser: its line as textual.js speaks it, and a terminal that keeps what it brings."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import aiohttp
import pyte

from tests.journeys.terminal import FOREIGN


class Visitor:
    """One page, at an address of its own that it keeps when it is reloaded."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session, self._start = session, url
        self.address = ""
        self.screen = pyte.Screen(100, 30)

    async def open(self) -> Visitor:
        """From the front door, or again from where it was."""
        async with self._session.get(self.address or self._start) as page:
            assert page.status == 200
            self.address = str(page.url)
        self.screen.reset()
        self._stream = pyte.ByteStream(self.screen)
        self.line = await self._session.ws_connect(f"{self.address}ws?width=100&height=30")
        await self.say("resize", {"width": 100, "height": 30})
        return self

    async def say(self, *message: Any) -> None:
        await self.line.send_json(list(message))

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.say("stdin", key)
            await asyncio.sleep(0.05)

    async def wait_for(self, text: str, seconds: float = 20) -> str:
        """Until this stands on the screen."""
        async with asyncio.timeout(seconds):
            while _squeezed(text) not in _squeezed(self.seen()):
                message = await self.line.receive()
                assert message.type is aiohttp.WSMsgType.BINARY, f"{message} came, and never {text!r}:\n{self.seen()}"
                self._feed(message.data)
        return self.seen()

    async def end(self, seconds: float = 20) -> int | None:
        """Until the server ends the line; why."""
        async with asyncio.timeout(seconds):
            while not self.line.closed:
                await self.line.receive()
        return self.line.close_code

    def seen(self) -> str:
        buffer, columns = self.screen.buffer, range(self.screen.columns)
        return "\n".join("".join(buffer[row][at].data for at in columns).rstrip() for row in range(self.screen.lines))

    def _feed(self, data: bytes) -> None:
        self._stream.feed(FOREIGN.sub("", data.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape"))


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)

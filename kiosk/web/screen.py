"""What one page shows as a process: textual-serve's service, started and ended our way.

It is the same program as in a terminal; only its driver is another (screens/web.py). What it paints goes to `paint`,
whatever page listens there just now. It asks a browser for nothing: opens no address, hands over no file.
"""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable
from contextlib import suppress

from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

SCREENS, COUNTER = "screens.__main__", "screens.counter.__main__"
"""The programs: what `kiosk run` keeps alive, and a counter."""
LEAVES_S = 3.0
READY = b"__GANGLION__\n"
LAST_WORDS_MAX = 20_000


async def _nothing(*_: object) -> None:
    """What a page is asked for besides paint: nothing."""


class WebScreen(AppService):
    """One child. `wait` is its life: from its start to its exit code and last words."""

    def __init__(self, program: str, config: str, name: str, paint: Callable[[bytes], Awaitable[None]]) -> None:
        """`config` is the file's path, empty for training; `name` that of the seat or terminal."""
        super().__init__("", write_bytes=paint, write_str=_nothing, close=_nothing, download_manager=DownloadManager())
        self._program, self._told = program, f"{config}\n{name}\n".encode()

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        """Without a shell, and deaf to the keys of the terminal that the server was started on."""
        environment = dict(os.environ) | {
            "TEXTUAL_DRIVER": "screens.web:PageDriver",
            "TEXTUAL_COLOR_SYSTEM": "truecolor",
            "KIOSK_PAGE": f"{width}x{height}",
        }
        reading, writing = os.pipe()
        try:
            self._process = process = await asyncio.create_subprocess_exec(
                sys.executable, "-P", "-c", f"from {self._program} import main; main()", str(reading),
                pass_fds=(reading,), env=environment, stdin=PIPE, stdout=PIPE, stderr=PIPE, start_new_session=True,
            )  # fmt: skip
            os.write(writing, self._told)
        finally:
            os.close(reading)
            os.close(writing)
        self._stdin = process.stdin
        return process

    async def run(self) -> None:
        """Nothing: `wait` does it."""

    async def wait(self) -> tuple[int, str]:
        """Hand on what it paints until it ends: its exit code (negative: a signal's) and its last words."""
        process = self._process
        assert process is not None
        assert process.stdout is not None
        assert process.stderr is not None
        words = asyncio.create_task(_last(process.stderr))
        try:
            with suppress(asyncio.IncompleteReadError, ConnectionResetError):
                await self._hand_on(process.stdout)
            return await process.wait(), await words
        finally:
            await self._end(process)
            words.cancel()
            with suppress(asyncio.CancelledError):
                await words
            await process.communicate()  # what it had still to say would keep it from being over

    async def _hand_on(self, output: asyncio.StreamReader) -> None:
        await output.readuntil(READY)
        while True:
            kind = await output.readexactly(1)
            payload = await output.readexactly(int.from_bytes(await output.readexactly(4), "big"))
            if kind == b"D":
                await self.remote_write_bytes(payload)

    async def _end(self, process: Process) -> None:
        """A counter is asked first: its clerk is signed out on record. Screens have nothing to leave behind."""
        try:
            if self._program == COUNTER and process.returncode is None:
                process.terminate()
                with suppress(TimeoutError):
                    await asyncio.wait_for(process.wait(), LEAVES_S)
        finally:
            self.kill()

    def kill(self) -> None:
        """End it at once, whatever it does; `wait` hears of it."""
        if self._process is not None and self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.kill()


async def _last(stream: asyncio.StreamReader) -> str:
    words = b""
    while data := await stream.read(4096):
        words = (words + data)[-LAST_WORDS_MAX:]
    return words.decode(errors="replace").strip()

"""A real Chromium without a window, driven by its own protocol (https://chromedevtools.github.io/devtools-protocol/)."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import queue
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any, TypeVar

import aiohttp

T = TypeVar("T")

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
FLAGS = (
    "--no-sandbox", "--no-first-run", "--remote-debugging-port=0", "--disable-component-update",
    "--disable-background-networking", "--disable-dev-shm-usage", "--disable-gpu",
    "--disable-3d-apis", "--touch-events=enabled",
)  # fmt: skip
Message = dict[str, Any]


class Chromium:
    """One browser with an empty profile. Its protocol is spoken by a thread of its own."""

    def __init__(self, folder: Path, *how: str, env: Mapping[str, str] | None = None) -> None:
        """Without a window, unless `how` says otherwise."""
        self.folder = folder
        self._process = subprocess.Popen(
            [PROGRAM, *FLAGS, f"--user-data-dir={folder}", *(how or ("--headless=new", "about:blank"))],
            env=env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._loop = asyncio.new_event_loop()
        self._answers: dict[int, asyncio.Future[Message]] = {}
        self._tabs: dict[str, Callable[[Message], None]] = {}
        self._number = 0
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._within(self._connect(self._address()))

    def __enter__(self) -> Chromium:
        return self

    def __exit__(self, *_: object) -> None:
        self._within(self._disconnect())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def call(self, method: str, session: str = "", **parameters: Any) -> Message:
        """One command and its answer."""
        return self._within(self._call(method, session, parameters))

    def listen(self, session: str, hear: Callable[[Message], None]) -> None:
        """What this tab tells goes to `hear`."""
        self._tabs[session] = hear

    def _address(self) -> str:
        told, end = self.folder / "DevToolsActivePort", time.monotonic() + 30
        while not (told.exists() and len(lines := told.read_text(encoding="utf-8").split()) == 2):
            assert time.monotonic() < end, "Chromium does not start"
            assert self._process.poll() is None, "Chromium ended"
            time.sleep(0.05)
        return f"ws://127.0.0.1:{lines[0]}{lines[1]}"

    def _within(self, doing: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(doing, self._loop).result(30)

    async def _connect(self, address: str) -> None:
        self._session = aiohttp.ClientSession()
        self._line = await self._session.ws_connect(address, max_msg_size=0)
        self._reader = asyncio.create_task(self._read())

    async def _disconnect(self) -> None:
        self._reader.cancel()
        await self._line.close()
        await self._session.close()

    async def _read(self) -> None:
        async for raw in self._line:
            message = json.loads(raw.data)
            if "id" in message:
                self._answers.pop(message["id"]).set_result(message)
            elif hear := self._tabs.get(message.get("sessionId", "")):
                hear(message)

    async def _call(self, method: str, session: str, parameters: Message) -> Message:
        self._number += 1
        answer = self._answers[self._number] = self._loop.create_future()
        told = {"id": self._number, "method": method, "params": parameters}
        await self._line.send_json(told | ({"sessionId": session} if session else {}))
        message = await answer
        assert "error" not in message, message
        result: Message = message["result"]
        return result


class Tab:
    """One page of a browser: what it asked for, what its line brought, a finger, a keyboard, and a camera."""

    def __init__(self, chromium: Chromium, size: tuple[int, int] | None = None) -> None:
        self._chromium = chromium
        self.requests: list[str] = []
        """Every address that the page asked for, its lines' among them."""
        self.errors: list[str] = []
        self.frames: queue.Queue[tuple[bool, Any]] = queue.Queue()
        """What its line carried: whether the page sent it, and what."""
        self._target = chromium.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = chromium.call("Target.attachToTarget", targetId=self._target, flatten=True)["sessionId"]
        chromium.listen(self._session, self._hear)
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.call(f"{domain}.enable")
        self.call("Emulation.setTouchEmulationEnabled", enabled=True)
        if size:
            width, height = size
            self.call(
                "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False
            )

    def call(self, method: str, **parameters: Any) -> Message:
        return self._chromium.call(method, self._session, **parameters)

    def open(self, url: str) -> None:
        self.call("Page.navigate", url=url)

    def reload(self) -> None:
        self.call("Page.reload")

    def close(self) -> None:
        self._chromium.call("Target.closeTarget", targetId=self._target)

    def tap(self, x: float, y: float, hold_s: float = 0.05) -> None:
        """One finger, down and up; a window that lies under another one cannot be touched."""
        self.call("Page.bringToFront")
        self.call("Input.dispatchTouchEvent", type="touchStart", touchPoints=[{"x": x, "y": y}])
        time.sleep(hold_s)
        self.call("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])

    def drag(self, start: tuple[int, int], end: tuple[int, int], *, shift: bool = False) -> None:
        """With a mouse."""
        for kind, (x, y) in (("mousePressed", start), ("mouseMoved", end), ("mouseReleased", end)):
            pressed = {"button": "left", "buttons": 1, "clickCount": 1, "modifiers": 8 if shift else 0}
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, **pressed)

    def key(self, key: str, code: str, number: int, modifiers: int = 0) -> None:
        for kind in ("rawKeyDown", "keyUp"):
            self.call(
                "Input.dispatchKeyEvent",
                type=kind,
                key=key,
                code=code,
                windowsVirtualKeyCode=number,
                modifiers=modifiers,
            )

    def ask(self, expression: str) -> Any:
        """What this means in the page."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def photograph(self, path: Path) -> Path:
        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"]))
        return path

    def _hear(self, message: Message) -> None:
        told = message["params"]
        match message["method"]:
            case "Network.requestWillBeSent":
                self.requests.append(told["request"]["url"])
            case "Network.webSocketCreated":
                self.requests.append(told["url"])
            case "Network.webSocketFrameReceived" if told["response"]["opcode"] == 2:
                self.frames.put((False, base64.b64decode(told["response"]["payloadData"])))
            case "Network.webSocketFrameSent" if told["response"]["opcode"] == 1:
                self.frames.put((True, json.loads(told["response"]["payloadData"])))
            case "Runtime.exceptionThrown":
                self.errors.append(json.dumps(told["exceptionDetails"])[:1000])
            case "Log.entryAdded" if told["entry"]["level"] == "error":
                self.errors.append(told["entry"]["text"])

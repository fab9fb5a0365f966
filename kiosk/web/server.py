"""`kiosk serve` from its start to its end: the queue behind, the hall and its site in front."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from aiohttp import web

from kiosk.backstage import Backstage
from kiosk.errors import ConfigError
from kiosk.hardware import SILENT
from kiosk.web.hall import Hall
from kiosk.web.site import site

if TYPE_CHECKING:
    from kiosk.assembly import House
    from kiosk.web.address import Address


def serve(house: House, address: Address, seat: str, *, tell: Callable[[str], object]) -> None:
    """Serve until SIGINT or SIGTERM. `tell` says to the owner where.

    Raises ConfigError where the address cannot be had; WrongLedger. A ledger in trouble is waited out.
    """
    asyncio.run(_serve(house, address, seat, tell))


async def _serve(house: House, address: Address, seat: str, tell: Callable[[str], object]) -> None:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    if not address.is_here_alone:
        os.environ[SILENT] = "yes"  # the screens of the pages are processes of ours
    config = "" if house.config.embedded else str(house.config.source)
    hall = Hall(house, config, seat)
    backstage = Backstage(
        house, f"kiosk serve, port {address.port}", changed=lambda why: loop.call_soon_threadsafe(hall.trouble, why)
    )
    if house.config.embedded:
        await asyncio.to_thread(lambda: house.providers)  # the sandbox runs in here, not in a page's screens
    await asyncio.to_thread(backstage.sit_down)
    runner = web.AppRunner(
        site(hall, house.config.file.serve, address, house.config.file.kiosk.name), access_log=None, shutdown_timeout=1
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, address.host, address.port).start()
    except OSError as error:
        await runner.cleanup()
        raise ConfigError(f"{address.host}, port {address.port}, cannot be listened at: {error.strerror}.") from None
    backstage.start()
    rounds = asyncio.create_task(hall.keep())
    port = runner.addresses[0][1]
    host = f"[{address.host}]" if ":" in address.host else address.host
    tell(f"The screens are at {address.public_url or f'http://{host}:{port}/'}")
    try:
        await stop.wait()
    finally:
        rounds.cancel()
        with suppress(asyncio.CancelledError):
            await rounds
        await hall.close()
        await runner.cleanup()
        await asyncio.to_thread(backstage.stop)

"""`kiosk serve` from its start to its end: the queue behind, the hall and its site in front; or counters alone."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from aiohttp import web

from kiosk.backstage import Backstage
from kiosk.errors import ConfigError
from kiosk.hardware import SILENT
from kiosk.starts import note_start
from kiosk.web.hall import Hall
from kiosk.web.screen import COUNTER
from kiosk.web.seats import Seats
from kiosk.web.site import COUNTER_COOKIE, site

if TYPE_CHECKING:
    from kiosk.assembly import House
    from kiosk.web.address import Address


def serve(house: House, address: Address, seat: str, *, tell: Callable[[str], object]) -> None:
    """Serve the kiosk until SIGINT or SIGTERM. `tell` says to the owner where.

    Raises ConfigError where the address cannot be had; WrongLedger. A ledger in trouble is waited out.
    """
    asyncio.run(_serve(house, address, seat, tell))


def serve_counter(house: House, address: Address, terminal: str, *, tell: Callable[[str], object]) -> None:
    """Serve counters likewise: pages without a seat. Raises ConfigError; LedgerError, since its start is on record."""
    note_start(house, f"kiosk serve --counter, port {address.port}")
    house.let_go()  # from here on it is the pages' processes that ask it
    asyncio.run(_serve_counter(house, address, terminal, tell))


async def _serve(house: House, address: Address, seat: str, tell: Callable[[str], object]) -> None:
    loop, stop = asyncio.get_running_loop(), _stopping()
    if not address.is_here_alone:
        os.environ[SILENT] = "yes"  # the screens of the pages are processes of ours
    hall = Seats(house, _config_of(house), seat)
    backstage = Backstage(
        house, f"kiosk serve, port {address.port}", changed=lambda why: loop.call_soon_threadsafe(hall.trouble, why)
    )
    await _begin_training(house)
    await asyncio.to_thread(backstage.sit_down)
    app = site(hall, house.config.file.serve, address, house.config.file.kiosk.name)
    async with _open(app, hall, address, backstage) as url:
        tell(f"The screens are at {url}")
        await stop.wait()


async def _serve_counter(house: House, address: Address, terminal: str, tell: Callable[[str], object]) -> None:
    stop = _stopping()
    table = house.config.file.serve
    hall = Hall(table, _config_of(house), terminal, COUNTER)
    await _begin_training(house)
    app = site(hall, table, address, f"Counter: {house.config.file.kiosk.name}", COUNTER_COOKIE)
    async with _open(app, hall, address) as url:
        tell(f"The counter is at {url}")
        await stop.wait()


def _stopping() -> asyncio.Event:
    """Set by who ends us."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


def _config_of(house: House) -> str:
    """As the pages' processes are told it."""
    return "" if house.config.embedded else str(house.config.source)


async def _begin_training(house: House) -> None:
    if house.config.embedded:
        await asyncio.to_thread(lambda: house.providers)  # the sandbox runs in here, not in a page's process


@asynccontextmanager
async def _open(
    app: web.Application, hall: Hall, address: Address, backstage: Backstage | None = None
) -> AsyncIterator[str]:
    """The pages, until it is left, at the address that it gives, and what works behind them. Raises ConfigError."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, address.host, address.port).start()
    except OSError as error:
        await runner.cleanup()
        raise ConfigError(f"{address.host}, port {address.port}, cannot be listened at: {error.strerror}.") from None
    if backstage:
        backstage.start()
    rounds = asyncio.create_task(hall.keep())
    host = f"[{address.host}]" if ":" in address.host else address.host
    try:
        yield address.public_url or f"http://{host}:{runner.addresses[0][1]}/"
    finally:
        rounds.cancel()
        with suppress(asyncio.CancelledError):
            await rounds
        await hall.close()
        await runner.cleanup()
        if backstage:
            await asyncio.to_thread(backstage.stop)

"""The site of `kiosk serve`: the page, what it loads, and its line to the screens. Everything from this machine alone.

`/` sends a browser to a place of its own, `/at/TOKEN/`: reloaded, that address finds its seat and its order again.
"""

from __future__ import annotations

import logging
import re
import secrets
from importlib.resources import files
from pathlib import Path
from string import Template

from aiohttp import WSMsgType, web
from aiohttp.typedefs import Handler, Middleware

from kiosk.tables import ServeTable
from kiosk.web.address import Address
from kiosk.web.hall import Full, Hall
from kiosk.web.place import FULL, Place, Size

log = logging.getLogger(__name__)

PAGE = Path(__file__).with_name("page")
STATIC = Path(str(files("textual_serve"))) / "static"
WEBGL = "this.terminal.loadAddon(this.webglAddon),"
"""textual.js loads a painter for graphics cards, then one for every machine, which takes over. Where there is no card

the first one fails, and the second never comes: the blocks then have gaps between them, and no phone reads the code."""
COOKIE, COUNTER_COOKIE = "kiosk-page", "counter-page"
"""A browser keeps them by host, whatever the port: a kiosk and a counter of one machine have one each."""
COOKIE_S = 24 * 3600
"""Longer than any place is kept: a cookie without a time would be lost with a browser that is killed."""
TOKEN = re.compile(r"[0-9a-f]{32}")
MESSAGE_MAX = 64 * 1024
HEARTBEAT_S = 10.0
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "font-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "Permissions-Policy": "clipboard-read=(), clipboard-write=(), camera=(), microphone=(), geolocation=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}


def site(hall: Hall, table: ServeTable, address: Address, title: str, cookie: str = COOKIE) -> web.Application:
    """The application of aiohttp. `cookie` is what a browser that was started again finds its place by."""
    page = Template((PAGE / "page.html").read_text(encoding="utf-8")).substitute(
        columns=table.columns, rows=table.rows, title=_escaped(title)
    )
    made = Site(hall, page, address, cookie)
    app = web.Application(middlewares=[_guard(address)])
    app.router.add_get("/", made.enter)
    app.router.add_get("/alive", made.alive)
    app.router.add_get(f"/at/{{token:{TOKEN.pattern}}}/", made.show)
    app.router.add_get(f"/at/{{token:{TOKEN.pattern}}}/ws", made.line)
    app.router.add_get("/page/textual.js", made.script)
    app.router.add_static("/page/", PAGE)
    app.router.add_static("/static/", STATIC)
    return app


def _guard(address: Address) -> Middleware:
    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not address.believes(request.host, request.headers.get("Origin")):
            log.warning("A request by the name %r was refused.", request.host[:100])
            raise web.HTTPForbidden(text="This is not the address of the kiosk.")
        answer = await handler(request)
        if not answer.prepared:
            answer.headers.update(HEADERS)
        return answer

    return guard


class Site:
    """Its pages."""

    def __init__(self, hall: Hall, page: str, address: Address, cookie: str) -> None:
        self._hall, self._page, self._address, self._cookie = hall, page, address, cookie
        self._script = (STATIC / "js" / "textual.js").read_text(encoding="utf-8").replace(WEBGL, "")

    async def enter(self, request: web.Request) -> web.StreamResponse:
        """To a place: the browser's own, where one is kept for it (it was started again); else a new one."""
        token = request.cookies.get(self._cookie, "")
        if not self._hall.waits_for(token):
            token = secrets.token_hex(16)
        answer = web.Response(status=302, headers={"Location": f"at/{token}/"})
        answer.set_cookie(
            self._cookie, token, max_age=COOKIE_S, httponly=True, samesite="Strict", secure=self._address.secure
        )
        return answer

    async def alive(self, _: web.Request) -> web.StreamResponse:
        """For a page that has lost its line: it comes back when this answers."""
        return web.Response(text="yes")

    async def show(self, _: web.Request) -> web.StreamResponse:
        return web.Response(text=self._page, content_type="text/html")

    async def script(self, _: web.Request) -> web.StreamResponse:
        """textual-serve's, for machines without a graphics card."""
        return web.Response(text=self._script, content_type="text/javascript")

    async def line(self, request: web.Request) -> web.StreamResponse:
        """What the page hears and says, as textual.js does."""
        page = web.WebSocketResponse(heartbeat=HEARTBEAT_S, max_msg_size=MESSAGE_MAX)
        await page.prepare(request)
        size = Size.of(request.query.get("width"), request.query.get("height"))
        try:
            place = await self._hall.come(request.match_info["token"], page, size)
        except Full:
            await page.close(code=FULL)
            return page
        try:
            async for message in page:
                if message.type is WSMsgType.TEXT:
                    await hear(place, page, message.json())
        except (ValueError, LookupError, TypeError):
            log.warning("The page of seat %s says what no page of ours would.", place.seat)
        finally:
            place.go(page)
        return page


async def hear(place: Place, page: web.WebSocketResponse, said: object) -> None:
    """One message of a page. Raises ValueError, LookupError, TypeError for what is none."""
    match said:
        case ["stdin", str(text)]:
            await place.type(text)
        case ["resize", {"width": columns, "height": rows}]:
            await place.resize(Size.of(columns, rows))
        case ["ping", sent]:
            await page.send_json(["pong", sent])


def _escaped(text: str) -> str:
    from html import escape

    return escape(text)

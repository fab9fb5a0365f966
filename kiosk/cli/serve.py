"""`kiosk serve`: the same screens in a browser; every page is a seat. Or the counter: every page is one of its own."""

from __future__ import annotations

import click

from kiosk.assembly import House
from kiosk.cli import out
from kiosk.cli.common import with_house
from kiosk.cli.run import training_banner
from kiosk.untrusted import printable
from kiosk.web.address import Address, NotSafe, is_loopback

PORT, COUNTER_PORT = 8760, 8761


@click.command("serve")
@click.option("--counter", is_flag=True, help="The clerks' counter in the place of the kiosk.")
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Where to listen: this machine alone, or an address of it."
)
@click.option(
    "--port", type=click.IntRange(0, 65535), help=f"Default: {PORT}; {COUNTER_PORT} with --counter. 0: any free one."
)
@click.option("--public-url", default="", metavar="URL", help="How pages reach it through your proxy with TLS.")
@click.option("--open-to-network", is_flag=True, help="Listen where other machines reach it, unencrypted.")
@click.option("--seat", default="web", show_default=True, help="The pages' seats, or terminals: so, and a number.")
@with_house
def command(
    house: House, counter: bool, host: str, port: int | None, public_url: str, open_to_network: bool, seat: str
) -> None:
    """Open the kiosk for browsers. It works the queue, unless another process does; Ctrl+C ends it.

    A page that is reloaded finds its seat and its order again. One that is closed is waited for as long as config.toml
    says, then its seat is free.

    With --counter each page is a counter of its own, as `kiosk counter` is in a terminal: it works no queue and holds
    no seat.
    """
    from kiosk.web.server import serve, serve_counter

    port = (COUNTER_PORT if counter else PORT) if port is None else port
    if counter and (open_to_network or not is_loopback(host)):
        raise click.UsageError(
            "PINs are typed at the counter, so it is never shown unencrypted: stay on 127.0.0.1. Where other machines "
            "are to reach it, a proxy with TLS on this machine lets them in (--public-url)."
        )
    try:
        address = Address(host, port, public_url, open_to_network)
    except NotSafe as error:
        raise click.UsageError(str(error)) from None
    if house.config.embedded:
        out.put_lines(training_banner())
    if counter:
        serve_counter(house, address, printable(seat)[:36].strip() or "web", tell=out.put)
    else:
        serve(house, address, seat, tell=out.put)

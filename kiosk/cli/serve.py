"""`kiosk serve`: the same screens in a browser; every page is a seat."""

from __future__ import annotations

import click

from kiosk.assembly import House
from kiosk.cli import out
from kiosk.cli.common import with_house
from kiosk.cli.run import training_banner
from kiosk.web.address import Address, NotSafe


@click.command("serve")
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Where to listen: this machine alone, or an address of it."
)
@click.option("--port", type=click.IntRange(0, 65535), default=8760, show_default=True, help="0: any free one.")
@click.option("--public-url", default="", metavar="URL", help="How pages reach it through your proxy with TLS.")
@click.option("--open-to-network", is_flag=True, help="Listen where other machines reach it, unencrypted.")
@click.option("--seat", default="web", show_default=True, help="The pages' seats are called so, and a number.")
@with_house
def command(house: House, host: str, port: int, public_url: str, open_to_network: bool, seat: str) -> None:
    """Open the kiosk for browsers. It works the queue, unless another process does; Ctrl+C ends it.

    A page that is reloaded finds its seat and its order again. One that is closed is waited for as long as config.toml
    says, then its seat is free.
    """
    from kiosk.web.server import serve

    try:
        address = Address(host, port, public_url, open_to_network)
    except NotSafe as error:
        raise click.UsageError(str(error)) from None
    if house.config.embedded:
        out.put_lines(training_banner())
    serve(house, address, seat, tell=out.put)

"""`kiosk sandbox`: the providers' sandbox alone, so that anyone can rehearse a fault."""

from __future__ import annotations

from pathlib import Path

import click

from kiosk import training
from kiosk.cli.out import put
from kiosk.errors import ConfigError


@click.command("sandbox")
@click.option("--port", type=click.IntRange(0, 65535), default=training.PORT, show_default=True)
@click.option("--bind", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--no-limits", is_flag=True, help="Without the documented rate limits.")
@click.option("--books", type=click.Path(path_type=Path), help="Its books (default: the training folder's).")
def command(port: int, bind: str, no_limits: bool, books: Path | None) -> None:
    """Run the sandbox of the remote services over HTTP.

    Faults are set with PUT on /_knobs: delay, fail before or after executing, lose the reply, reject, list late, down.
    DELETE clears them, GET shows them; a wrong one is answered by what is allowed. What was truly done: /_books/….

    \b
    One reply is lost after the top-up was executed:
      curl -X PUT http://127.0.0.1:8731/_knobs -d '{"remote": "airalo",
        "endpoint": "POST orders/topups", "lose_reply": true, "times": 1}'
    """
    from kiosk.sandbox.server import Sandbox

    path = books or training.state_dir() / "sandbox.db"
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        sandbox = Sandbox(path, port=port, bind=bind, limits=not no_limits)
    except OSError as error:
        what = f"its books in {path}" if error.filename else f"port {port} of {bind}"
        raise ConfigError(f"The sandbox cannot use {what}: {error.strerror}.") from None
    put(f"The sandbox answers at {sandbox.url} (knobs: {sandbox.url}/_knobs). Ctrl+C stops it.")
    sandbox.serve_forever()

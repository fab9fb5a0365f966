"""`kiosk restore`: a backup takes the ledger's place; a clerk's yes opens it for selling again."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kiosk.assembly import House
from kiosk.cli.common import PIN_FD, signed_in, with_house
from kiosk.cli.out import put
from kiosk.errors import Illegal, QueueHeld
from kiosk.ledger.chain import Head, parse_head
from kiosk.ledger.desk import open_findings
from kiosk.ledger.gaps import gaps
from kiosk.ledger.reopening import RESTORED
from kiosk.ledger.restore import Restored, reopen, restore
from kiosk.order import WAITING, State
from kiosk.restoring import Shop, search, treat


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--head", metavar="SEQ:HASH", help="The newest head that was printed, from a receipt or closing.")
@click.option("--no-head", is_flag=True, help="There is no paper at all.")
@click.option("--clerk", metavar="NAME", help="Who says yes to selling again (PIN from a prompt, stdin or --pin-fd).")
@PIN_FD
@with_house
def command(
    house: House, file: Path | None, head: str | None, no_head: bool, clerk: str | None, pin_fd: int | None
) -> None:
    """Put the backup FILE in the ledger's place. The replaced file is kept aside; no kiosk may run meanwhile.

    What the lost part may have done is looked up, never done again. Nothing is sold before a clerk says yes: with
    --clerk, at once or later. Without FILE: ask the remotes again what they have that the ledger does not know.
    """
    if file is not None:
        with house.lock("kiosk restore"):
            tell(put_back(house, file, paper(head, no_head)))
    elif not house.ledger.reopening.is_awaited() and not gaps(house.ledger):
        raise Illegal("This ledger was never restored. Give the backup: kiosk restore FILE.")
    ask_the_remotes(house)
    waiting(house)
    if clerk and house.ledger.reopening.is_awaited():
        reopen(house.ledger, signed_in(house, clerk, pin_fd), house.clock.now())
        put("Open again: the kiosk sells, and the queue sends.")
    elif house.ledger.reopening.is_awaited():
        put("Nothing is sold, and nothing new is sent, until a clerk says yes: kiosk restore --clerk NAME")


def paper(head: str | None, no_head: bool) -> Head | None:
    """The newest printed head: from the option, or asked for. Raises BadHead, UsageError."""
    if head and no_head:
        raise click.UsageError("Either --head or --no-head.")
    if no_head:
        return None
    if head is None and not sys.stdin.isatty():
        raise click.UsageError("Give --head SEQ:HASH from the newest receipt or closing; --no-head if there is none.")
    head = head or click.prompt("The newest SEQ:HASH on any receipt or closing (the last line of the paper)", err=True)
    return parse_head(head)


def put_back(house: House, file: Path, newest: Head | None) -> Restored:
    config, now = house.config, house.clock.now()
    return restore(
        file,
        config.state_dir / "ledger.db",
        newest,
        mode=config.file.ledger.mode,
        kiosk=config.kiosk_id,
        at=now,
        treat=lambda ledger, restored: treat(ledger, restored, shop_of(house), now),
    )


def shop_of(house: House) -> Shop:
    config = house.config
    return Shop(config.kiosk_id, house.tenders, house.providers, config.file.sales, config.zone)


def tell(restored: Restored) -> None:
    """How much is missing, and where the replaced file is."""
    put(f"Restored up to event {restored.backup}, of {restored.newest_at:%Y-%m-%d %H:%M:%S} UTC.")
    first, last = restored.backup.seq + 1, restored.newest.seq
    if restored.lost:
        events = "1 event is" if restored.lost == 1 else f"{restored.lost} events are"
        put(f"{events} missing: {first} to {last}; and whatever was recorded after that.")
    else:
        put(f"No event is known to be missing; whatever was recorded after {last} is.")
    if restored.replaced:
        put(f"The replaced ledger is kept as {restored.replaced}.")


def ask_the_remotes(house: House) -> None:
    """Findings of what only the remotes know. Only the queue's holder calls them."""
    try:
        with house.lock("kiosk restore"):
            for gap in gaps(house.ledger)[-1:]:
                for reason in search(house.ledger, gap, shop_of(house), house.clock.now()):
                    put(f"! {reason}.")
    except QueueHeld as error:
        put(f"{error} So the remotes are not asked now.")


def waiting(house: House) -> None:
    """What a clerk should have seen before saying yes."""
    open_orders = len(house.ledger.orders(WAITING, limit=1_000_000))
    review = len(house.ledger.orders([State.REVIEW], limit=1_000_000))
    findings = sum(finding.kind == RESTORED for finding in open_findings(house.ledger))
    put(
        f"To be looked up: {open_orders}. For a clerk (kiosk review): {review} in review, {findings} "
        f"{'finding' if findings == 1 else 'findings'} about the restore."
    )

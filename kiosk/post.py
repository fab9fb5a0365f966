"""The post room: from the configuration to what sends messages, and from a customer's address to the first of them.

Nothing here is in an order's way: whatever is wrong with messages is a clerk's finding, and that is all.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from kiosk.contacts import Channel, Contact
from kiosk.errors import ConfigError
from kiosk.ledger.desk import open_finding_once
from kiosk.ledger.messages import leave_contact
from kiosk.messages import build, channels
from kiosk.notices import kind_of
from kiosk.outbox import Outbox

if TYPE_CHECKING:
    from kiosk.assembly import House
    from kiosk.config import Config
    from kiosk.order import Order
    from kiosk.ports import Messenger

log = logging.getLogger(__name__)


def channels_of(config: Config) -> dict[Channel, str]:
    """By what messages are sent here, and which table says how. Raises ConfigError."""
    return channels(config.file.messages, f"{config.source}: messages")


def offered(config: Config) -> tuple[Channel, ...]:
    """By what a customer may have a message: nothing where the tables are wrong, which the owner hears of elsewhere."""
    try:
        return tuple(channels_of(config))
    except ConfigError:
        return ()


def outbox(house: House) -> Outbox:
    """For the holder of the queue. A table that is wrong is found out now, not by the first customer."""
    config, made = house.config, messengers(house)
    box = Outbox(
        house.ledger,
        made,
        config.file.sales,
        config.file.kiosk.help_line,
        config.training,
        house.clock,
        random.random,
    )
    if not config.embedded:  # training's sandbox starts when the first message is sent
        _try_all(house, made)
    return box


def _try_all(house: House, made: Callable[[Channel], Messenger | None]) -> None:
    try:
        for channel in channels_of(house.config):
            made(channel)
    except ConfigError as error:
        log.error("%s", error)
        now = house.clock.now()
        review_by = now + timedelta(hours=house.config.file.sales.review_within_h)
        open_finding_once(house.ledger, "settings", f"No message is sent: {error}", at=now, deadline_at=review_by)


def messengers(house: House) -> Callable[[Channel], Messenger | None]:
    """Each is made when it is first needed: none of them is quick to import."""
    config = house.config
    known: dict[Channel, Messenger] = {}

    def messenger(channel: Channel) -> Messenger | None:
        if channel not in known and (name := channels_of(config).get(channel)):
            if config.embedded:
                from kiosk import training

                training.ensure_sandbox(config)
            table, path = config.file.messages[name], f"{config.source}: messages.{name}"
            known[channel] = build(name, table, path=path, training=config.training, clock=house.clock)
        return known.get(channel)

    return messenger


def leave(house: House, order: Order, contact: Contact) -> None:
    """A customer wants messages there about this order, as it stands now and as it goes on. Raises LedgerError."""
    now = house.ledger.order(order.reference)
    leave_contact(house.ledger, now, contact, kind_of(now), at=house.clock.now())

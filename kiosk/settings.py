"""Settings that change daily, without files: each stands above config.toml until it is set back. Pure.

What there is to set, and who may, is daily.py's; the values stand in the ledger, for every process.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.ledger.settings import Changed
    from kiosk.promotions import Promotion

OUT_OF_SERVICE, PROVIDER_PROMOTIONS, VOLUME = "out_of_service", "provider_promotions", "volume"
TENDER, PROMOTION = "tender.", "promotion."
"""What stands before a tender's name in config.toml, and before a promotion's English name."""
USUAL_VOLUME = 100
MESSAGE_LINES, MESSAGE_COLUMNS = 2, 38
"""So much of a shop's own words fits the smallest screen, also in large letters."""


class Ready(StrEnum):
    """Messages that customers read in their own language. Any other text is shown as it was typed."""

    NONE = "no_message"
    SOON = "back_soon"
    COUNTER = "ask_at_counter"
    TOMORROW = "back_tomorrow"


@dataclass(frozen=True, slots=True)
class Settings:
    """What is not as configured.

    `message` is None in service; else what customers read: the name of a ready one, or a text. `volume` is in percent
    of the voice's usual loudness.
    """

    message: str | None = None
    tenders_off: frozenset[str] = frozenset()
    promotions_off: frozenset[str] = frozenset()
    tells_provider: bool = True
    volume: int = USUAL_VOLUME

    def offered(self, promotions: Iterable[Promotion]) -> tuple[Promotion, ...]:
        """The shop's own promotions without those that are switched off."""
        return tuple(each for each in promotions if each.name("en") not in self.promotions_off)


AS_CONFIGURED = Settings()


def settings_of(changed: Mapping[str, Changed]) -> Settings:
    """What the ledger's rows say. A setting of something that is configured no more does nothing."""
    values = {key: each.value for key, each in changed.items() if each.value is not None}
    message, volume = values.get(OUT_OF_SERVICE), values.get(VOLUME, USUAL_VOLUME)
    return Settings(
        message=None if message is None else str(message),
        tenders_off=_off(values, TENDER),
        promotions_off=_off(values, PROMOTION),
        tells_provider=values.get(PROVIDER_PROMOTIONS, True) is not False,
        volume=volume if isinstance(volume, int) else USUAL_VOLUME,
    )


def _off(values: Mapping[str, object], kind: str) -> frozenset[str]:
    return frozenset(key.removeprefix(kind) for key, value in values.items() if key.startswith(kind) and value is False)

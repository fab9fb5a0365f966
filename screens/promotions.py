"""The promotions in words, for the welcome screen: what is cheaper today, and what the mobile network gives on top."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from kiosk.texts import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kiosk.promotions import Promotion, ProviderPromotion
    from kiosk.texts import Texts
    from screens.welcome import WelcomeScreen

PROMOTIONS_MAX = 2
"""So many promotions fit the smallest terminal; the owner's come first."""


def promotion_words(screen: WelcomeScreen, told: Iterable[ProviderPromotion]) -> str:
    """What is cheaper today, what the provider gives on top, and until when; empty where there is nothing."""
    config, say = screen.house.config, screen.texts.say
    today = screen.house.clock.now().astimezone(config.zone).date()
    settings = screen.kiosk.following.settings
    lines = [_words(screen.texts, each) for each in settings.offered(config.promotions) if each.runs(today)]
    for each in told if settings.tells_provider else ():
        day = screen.texts.day(each.last.astimezone(config.zone).date())
        lines.append(say("Mobile network's offer: {title}, until {day}", title=each.title, day=day))
    return "\n".join(map(printable, lines[:PROMOTIONS_MAX]))


def _words(texts: Texts, promotion: Promotion) -> str:
    say, name, amount = texts.say, promotion.name(texts.language), promotion.amount
    off = texts.money(amount) if amount else say("{n} %", n=f"{(promotion.percent or Decimal(0)).normalize():f}")
    some = bool(promotion.plans)
    if promotion.weekdays:
        some_today = say("{name}: {off} off some plans today", name=name, off=off)
        return some_today if some else say("{name}: {off} off today", name=name, off=off)
    day = texts.day(promotion.last_day)
    if some:
        return say("{name}: {off} off some plans until {day}", name=name, off=off, day=day)
    return say("{name}: {off} off until {day}", name=name, off=off, day=day)

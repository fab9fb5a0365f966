"""Where a plan works: the owner's words for it, else the places that its provider names, else nothing. Pure.

It must never guess: no country follows from a card number, a plan's name or its price.
"""

from __future__ import annotations

from kiosk.config import Config
from kiosk.plans import Plan
from kiosk.texts import Texts, printable

SHOWN_MAX = 4
"""So many places are named; of more, only how many they are."""


def coverage_of(config: Config, provider: str, plan: Plan, texts: Texts) -> str:
    """The places in this language, on one line; empty where nobody says any.

    The owner's words for this plan come before the provider's, and those before the owner's for the whole provider.
    """
    told = config.file.coverage
    if words := told.get(plan.id):
        return _owners(words, texts)
    if plan.coverage:
        return _named(plan, texts)
    return _owners(told.get(provider, {}), texts)


def _owners(words: dict[str, str], texts: Texts) -> str:
    return printable(words.get(texts.language) or words.get("en", ""))


def _named(plan: Plan, texts: Texts) -> str:
    names = list(dict.fromkeys(texts.place(place) for place in plan.coverage))
    shown = texts.say(", ").join(names[:SHOWN_MAX])
    rest = len(names) - SHOWN_MAX
    return texts.plural("{places} and {n} more", "{places} and {n} more", rest, places=shown) if rest > 0 else shown

"""What may be set from day to day without touching a file: how each stands, what a change will do, and doing it.

Each change is an event with the clerk's name. It must never leave a shop that can sell nothing without saying so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from kiosk.clerks import Role, role_of
from kiosk.errors import ClerkError, Illegal
from kiosk.hearsay import written
from kiosk.ledger.settings import Changed, Value, changed_settings, put_setting, told
from kiosk.order import State
from kiosk.settings import (
    MESSAGE_COLUMNS,
    MESSAGE_LINES,
    OUT_OF_SERVICE,
    PROMOTION,
    PROVIDER_PROMOTIONS,
    TENDER,
    USUAL_VOLUME,
    VOLUME,
    Ready,
)
from kiosk.texts import texts, width
from kiosk.untrusted import printable, printable_lines

if TYPE_CHECKING:
    from kiosk.assembly import House

NEEDS = Role.SUPERVISOR
READY = {
    Ready.NONE: "",
    Ready.SOON: "Back soon.",
    Ready.COUNTER: "Please ask at the counter.",
    Ready.TOMORROW: "We are back tomorrow.",
}
"""The ready messages as the clerk reads them; the customer reads them in another language (screens/closed.py)."""
VOLUMES = (25, 50, 75, USUAL_VOLUME, 125, 150)


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing to set: its name for a clerk, how it stands, and how it was last changed.

    `known`: the configuration still has what it is about.
    """

    key: str
    name: str
    value: Value | None
    changed: Changed | None
    known: bool = True

    @property
    def words(self) -> str:
        """How it stands: `on`, `out of service: "Back soon."`."""
        return value_words(self.key, self.value) + ("" if self.known else " (config.toml has it no more: no effect)")

    @property
    def as_configured(self) -> bool:
        return self.value is None


def settings_now(house: House) -> list[Setting]:
    """Everything that may be set, in the order in which it is listed. Raises LedgerError."""
    changed, names = changed_settings(house.ledger), names_of(house)
    found = [Setting(key, name, _value(changed.get(key)), changed.get(key)) for key, name in names.items()]
    gone = [each for key, each in changed.items() if key not in names and each.value is not None]
    return found + [Setting(each.key, each.key, each.value, each, known=False) for each in gone]


def _value(changed: Changed | None) -> Value | None:
    return changed.value if changed else None


def names_of(house: House) -> dict[str, str]:
    """The settings of this shop by their keys, as a clerk calls them."""
    file = house.config.file
    names = {OUT_OF_SERVICE: "Service"}
    for tender in file.tenders:
        called = texts("en").tender(tender)
        alike = [other for other in file.tenders if texts("en").tender(other) == called]
        names[TENDER + tender] = f"{called} ({tender})" if len(alike) > 1 else called
    names |= {PROMOTION + each.name("en"): f"Promotion: {each.name('en')}" for each in house.config.promotions}
    return names | {PROVIDER_PROMOTIONS: "Mobile network's offers", VOLUME: "Volume of the voice"}


def value_words(key: str, value: Value | None) -> str:
    """A value as a clerk reads it."""
    if key == OUT_OF_SERVICE:
        shown = message_words(value)
        return "in service" if value is None else f'out of service: "{shown}"' if shown else "out of service"
    if key == VOLUME:
        return f"{USUAL_VOLUME if value is None else value} %"
    return "on" if value is None else told(value)


def title(key: str, name: str, value: Value | None) -> str:
    """A setting with a value, to stand above or begin a sentence."""
    words = value_words(key, value)
    return words[0].upper() + words[1:] if key == OUT_OF_SERVICE else f"{name}: {words}"


def message_words(value: Value | None) -> str:
    """A message for customers, in the clerk's language and on one line."""
    text = "" if value is None else str(value)
    return READY[Ready(text)] if text in set(Ready) else " / ".join(text.split("\n"))


def since_words(house: House, changed: Changed) -> str:
    """`since 14:02 by mei`; of another day, with the day."""
    zone = house.config.zone
    at, today = changed.at.astimezone(zone), house.clock.now().astimezone(zone).date()
    when = f"{at:%H:%M}" if at.date() == today else f"{at:%Y-%m-%d %H:%M}"
    return f"since {when} by {printable(changed.by.removeprefix('clerk:'))}"


# --- a change ------------------------------------------------------------------------------------------------------


def parse_value(key: str, text: str) -> Value | None:
    """What somebody typed for this setting; None is as configured. Raises Illegal, with what may stand there."""
    if key == OUT_OF_SERVICE:
        return _message(text)
    typed = text.strip().lower()
    if key == VOLUME:
        percent = typed.removesuffix("%").strip()
        if not (percent.isascii() and percent.isdecimal() and int(percent) in VOLUMES):
            raise Illegal(f"The volume is one of {', '.join(map(str, VOLUMES))}, in percent of the usual one.")
        return None if int(percent) == USUAL_VOLUME else int(percent)
    if typed not in ("on", "off"):
        raise Illegal(f"{key} is on or off.")
    return False if typed == "off" else None


def _message(text: str) -> str:
    lines = [printable(line).strip() for line in printable_lines(text.replace("\\n", "\n")).strip().split("\n")]
    if len(lines) > MESSAGE_LINES or any(width(line) > MESSAGE_COLUMNS for line in lines):
        raise Illegal(f"A message has at most {MESSAGE_LINES} lines of {MESSAGE_COLUMNS} columns each.")
    if any(written(line) != " ".join(line.split()) for line in lines):
        raise Illegal("No phone number or address in a message: it stays on record for good. The help line is shown.")
    return "\n".join(lines) or Ready.NONE.value


def consequence(house: House, key: str, value: Value | None) -> str:
    """What will happen, in plain words. Raises LedgerError, Illegal where it cannot be."""
    name = names_of(house).get(key, key)
    _refuse_the_last(house, key, value)
    if key == OUT_OF_SERVICE:
        if value is None:
            return "Customers can buy again, within a second."
        shown = message_words(value)
        says = f'; customers read "{shown}" there' if shown else ""
        return (
            f"Every screen takes no new sale from now on{says}. A sale that has begun goes on to its end;"
            " cash, the queue and the counter go on."
        )
    if key.startswith(TENDER):
        return f"Customers can pay by {name} again." if value is None else _no_longer(house, key, name)
    if key == VOLUME:
        return f"The voice speaks at {value_words(key, value)} of its usual loudness; F8 makes it louder from there."
    again = "are shown again." if key == PROVIDER_PROMOTIONS else "runs again, on its days."
    ends = "are no longer shown." if key == PROVIDER_PROMOTIONS else "takes nothing off any more."
    kept = "" if value is None else " Who has seen a price on the summary keeps it."
    return f"{name} {again if value is None else ends}{kept}"


def _no_longer(house: House, key: str, name: str) -> str:
    tender = key.removeprefix(TENDER)
    waiting = sum(order.tender == tender for order in house.ledger.orders([State.AUTHORIZING]))
    stays = "1 order that waits for it stays" if waiting == 1 else f"{waiting} orders that wait for it stay"
    return f"Customers can no longer pay by {name}{f'; {stays} payable' if waiting else ''}."


def _refuse_the_last(house: House, key: str, value: Value | None) -> None:
    """Raises Illegal where nothing could be paid any more."""
    if not key.startswith(TENDER) or value is not False:
        return
    changed = changed_settings(house.ledger)
    others = [TENDER + each for each in house.config.file.tenders if TENDER + each != key]
    if all(_value(changed.get(other)) is False for other in others):
        raise Illegal(
            f"{names_of(house).get(key, key)} is the last way to pay that is on: nothing could be sold without it."
            " Put the kiosk out of service instead, with a message: then customers know."
        )


def change(house: House, key: str, value: Value | None, *, by: str, seen: Changed | None, reason: str = "") -> str:
    """Change it, as this clerk saw it, and say so. `by` is as on record (`clerk:mei`).

    Raises ClerkError where their role is too small, Stale where somebody else was faster, Illegal, LedgerError.
    """
    role = role_of(house.ledger, by.removeprefix("clerk:"))
    if not role.may(NEEDS):
        raise ClerkError(f"Settings take the {NEEDS}, and {by.removeprefix('clerk:')} is {role}. Nothing was changed.")
    name = names_of(house).get(key)
    if name is None and value is not None:
        raise Illegal(f"There is no setting {key}; there are: {', '.join(names_of(house))}.")
    now: datetime = house.clock.now()
    with house.ledger.database.transaction():
        _refuse_the_last(house, key, value)
        there = changed_settings(house.ledger).get(key)
        if there == seen and _value(there) == value:
            raise Illegal(f"{name or key}: it is {value_words(key, value)} already. Nothing was changed.")
        put_setting(house.ledger, key, value, seen=seen, by=by, at=now, reason=written(reason))
    return f"{title(key, name or key, value)}. Every screen has it within a second."


# --- for who looks on ----------------------------------------------------------------------------------------------


def not_as_configured(house: House) -> list[str]:
    """What stands above the configuration now, a part of a sentence each. Raises LedgerError."""
    from kiosk.ledger.gaps import gaps

    restores = gaps(house.ledger)
    parts = []
    for each in settings_now(house):
        if each.changed is None or each.as_configured or not each.known:
            continue
        of_backup = restores and each.changed.at <= restores[-1].at
        name = "" if each.key == OUT_OF_SERVICE else f"{each.name} "
        words = f"{name}{each.words} {since_words(house, each.changed)}"
        parts.append(words + (", as the restored backup has it" if of_backup else ""))
    return parts


def standing_words(house: House) -> str:
    """For the board: what is not as configured, and that a restore has lost what was set; empty where all is well."""
    from kiosk.ledger.gaps import gaps

    parts, now = not_as_configured(house), house.clock.now()
    lately = [gap for gap in gaps(house.ledger) if (now - gap.at).total_seconds() < 24 * 3600]
    if lately:
        since = f"{lately[-1].since.astimezone(house.config.zone):%Y-%m-%d %H:%M}"
        parts.append(f"a backup was restored: what was set after {since} is lost, look whether they are right")
    return "; ".join(parts)

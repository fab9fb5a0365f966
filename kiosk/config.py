"""config.toml, read once and checked: an unknown key, a wrong type or a value out of range is named with its path.

`Config` is what the kiosk works with; the file's own shape stands in tables.py. Secrets are never in the file.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kiosk.allowed import convert_table
from kiosk.errors import BadMoney, ConfigError
from kiosk.identifiers import ICCID_HEAD, LIKELY_LENGTHS, SimRule, is_phone
from kiosk.letterhead import refuse_bad_letterhead
from kiosk.money import Money, exponent
from kiosk.offline import OfflineRules
from kiosk.plans import Charge, LineKind, PriceList
from kiosk.promotions import Promotion
from kiosk.tables import ChargeTable, File, PromotionTable
from kiosk.texts import LANGUAGES

EMBEDDED = "training mode"
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Config:
    """The file, checked, with what follows from it. `sims` says of every SIM that can be sold who serves it."""

    file: File
    source: str
    zone: ZoneInfo
    prices: PriceList
    sims: tuple[SimRule, ...]
    promotions: tuple[Promotion, ...]
    offline: OfflineRules | None
    contents: dict[str, Any]
    """The file as it was parsed: for its fingerprint."""

    @property
    def training(self) -> bool:
        return self.file.ledger.mode == "training"

    @property
    def embedded(self) -> bool:
        """True for `--training`, whose sandbox starts by itself, and whose clerk is called demo."""
        return self.source == EMBEDDED

    @property
    def languages(self) -> list[str]:
        """Those that customers may choose, in their order; never none, and none twice."""
        return [*dict.fromkeys(self.file.kiosk.languages or LANGUAGES)]

    @property
    def currency(self) -> str:
        return self.file.kiosk.currency

    @property
    def second_person_above(self) -> Money | None:
        """Above this amount a clerk's refund needs a second clerk; None: never."""
        text = self.file.sales.refund_second_person_above
        return None if text is None else Money.parse(text, self.currency)

    @property
    def state_dir(self) -> Path:
        return Path(self.file.ledger.state_dir).expanduser()

    @property
    def kiosk_id(self) -> str:
        """The first three characters of every reference; a training kiosk's begin with T."""
        return "T" + self.file.kiosk.id[1:] if self.training else self.file.kiosk.id


def load(path: Path) -> Config:
    """Read and check a configuration file. Raises ConfigError, one sentence, with the key's whole path."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"Cannot read {path}: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not valid TOML: {error}.") from None
    return check(raw, str(path))


def check(raw: dict[str, Any], source: str) -> Config:
    """Turn the parsed file into a Config. `source` begins every message. Raises ConfigError."""
    file = convert_table(raw, File, source + ":")
    _refuse_what_fails_later(file, source)
    try:
        zone = ZoneInfo(file.kiosk.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # "America" is a folder of zones
        raise ConfigError(f"{source}: kiosk.time_zone: no such zone; use a name such as America/New_York.") from None
    return Config(
        file,
        source,
        zone,
        _price_list(file, source),
        _sims(file, raw.get("sims", []), source),
        _promotions(file, source),
        _offline_rules(file, source),
        raw,
    )


def _sims(file: File, raw: list[dict[str, Any]], source: str) -> tuple[SimRule, ...]:
    """Who serves which SIMs: the owner's rules, and the default for card numbers as one more."""
    rules = [SimRule(sim.prefix, tuple(sorted(sim.lengths)), sim.check_digit, sim.provider) for sim in file.sims]
    for number, sim in enumerate(rules):
        if sim.prefix in (before := [other.prefix for other in rules[:number]]):
            raise ConfigError(f"{source}: sims[{number}].prefix: stands in sims[{before.index(sim.prefix)}] already.")
        if sim.provider not in file.providers:
            raise ConfigError(f"{source}: sims[{number}].provider: there is no table [providers.{sim.provider}].")
        for key in ("lengths", "check_digit") if is_phone(sim.prefix) else ():
            if key in raw[number]:
                raise ConfigError(
                    f"{source}: sims[{number}].{key}: is for card numbers; leave it out for phone numbers."
                )
    of_phones = {rule.provider for rule in rules if is_phone(rule.prefix)}
    default = next((name for name in file.providers if name not in of_phones), None)
    if default and not any(ICCID_HEAD.startswith(rule.prefix) for rule in rules):
        rules.append(SimRule(ICCID_HEAD, LIKELY_LENGTHS, True, default))
    return tuple(rules)


def _offline_rules(file: File, source: str) -> OfflineRules | None:
    table = file.offline
    if table is None:
        return None
    for number, tender in enumerate(table.tenders):
        if tender not in file.tenders:
            raise ConfigError(f"{source}: offline.tenders[{number}]: there is no table [tenders.{tender}].")
    if table.oldest_max_h > file.sales.deliver_within_h:
        raise ConfigError(
            f"{source}: offline.oldest_max_h: no order waits for longer than sales.deliver_within_h,"
            f" which is {file.sales.deliver_within_h}."
        )
    amount_max = _money(table.amount_max, file.kiosk.currency, f"{source}: offline.amount_max")
    oldest_max = timedelta(hours=table.oldest_max_h)
    catalogue_max = timedelta(hours=table.catalogue_max_h)
    return OfflineRules(table.orders_max, amount_max, oldest_max, tuple(table.tenders), catalogue_max)


def _refuse_what_fails_later(file: File, source: str) -> None:
    """What each table allows by itself, and would fail after the money is taken, or never be seen."""
    printer = file.printer
    refuse_bad_letterhead(file, source)
    needed = {"network": "host", "file": "path", "serial": "path", "cups": "queue"}.get(printer.kind)
    scanner = file.scanner
    if scanner.kind != "keyboard" and not scanner.device.startswith("/"):
        raise ConfigError(
            f'{source}: scanner.device: a scanner of kind = "{scanner.kind}" needs the whole path of its device,'
            ' from "/"; one below /dev/serial/by-id or /dev/input/by-id stays the same.'
        )
    if needed and not getattr(printer, needed):
        raise ConfigError(f'{source}: printer.{needed}: is missing; a printer of kind = "{printer.kind}" needs one.')
    if printer.required and printer.kind == "none":
        raise ConfigError(f'{source}: printer.required: nothing could be sold: there is no printer (kind = "none").')
    for path, place in (("state_dir", file.ledger.state_dir), ("pepper.file", file.ledger.pepper.file)):
        if place and not Path(place).expanduser().is_absolute():  # elsewhere it would be another, empty ledger
            raise ConfigError(f'{source}: ledger.{path}: write the whole path, from "/" or "~".')
    if (above := file.sales.refund_second_person_above) is not None:
        _money(above, file.kiosk.currency, f"{source}: sales.refund_second_person_above")
    for provider in file.sync.float_low:
        if provider not in file.providers:
            raise ConfigError(f"{source}: sync.float_low.{provider}: there is no table [providers.{provider}].")
    texts = {f"charges[{number}].name": charge.name for number, charge in enumerate(file.charges)}
    texts |= {"kiosk.refund_policy": file.kiosk.refund_policy}
    texts |= {f"promotions[{number}].name": promotion.name for number, promotion in enumerate(file.promotions)}
    texts |= {f"coverage.{name}": words for name, words in file.coverage.items()}
    spoken = {path: set(sentences) for path, sentences in texts.items()}
    spoken |= {"kiosk.languages": set(file.kiosk.languages)}
    spoken |= {"receipt.header": set(file.receipt.header), "receipt.footer": set(file.receipt.footer)}
    for path, languages in spoken.items():
        for language in languages - LANGUAGES.keys():
            raise ConfigError(f"{source}: {path}.{language}: no such language; known here: {', '.join(LANGUAGES)}.")


def _promotions(file: File, source: str) -> tuple[Promotion, ...]:
    found = []
    for number, table in enumerate(file.promotions):
        path = f"{source}: promotions[{number}]"
        percent, amount = _percent_or_amount(table, file.kiosk.currency, path)
        if table.last_day < table.first_day:
            raise ConfigError(f"{path}.last_day: is before the first day.")
        weekdays = frozenset(WEEK.index(day) for day in table.weekdays)
        days = (table.first_day, table.last_day, weekdays)
        found.append(Promotion(table.name, percent, amount, *days, tuple(table.plans)))
    return tuple(found)


def _percent_or_amount(
    table: ChargeTable | PromotionTable, currency: str, path: str
) -> tuple[Decimal | None, Money | None]:
    """Exactly one of them, of something that has an English name."""
    if (table.percent is None) == (table.amount is None):
        raise ConfigError(f"{path}: give either percent or amount.")
    if "en" not in table.name:
        raise ConfigError(f"{path}.name: an English name (en) is needed.")
    amount = _money(table.amount, currency, f"{path}.amount") if table.amount is not None else None
    return None if table.percent is None else Decimal(str(table.percent)), amount


def _price_list(file: File, source: str) -> PriceList:
    currency = file.kiosk.currency
    try:
        exponent(currency)
    except BadMoney as error:
        raise ConfigError(f"{source}: kiosk.currency: {error}") from None

    def money(text: str, path: str) -> Money:
        return _money(text, currency, f"{source}: {path}")

    charges = []
    for number, table in enumerate(file.charges):
        percent, amount = _percent_or_amount(table, currency, f"{source}: charges[{number}]")
        charges.append(Charge(LineKind(table.kind), table.name, percent, amount))
    return PriceList(
        currency=currency,
        fixed={plan: money(text, f"prices.fixed.{plan}") for plan, text in file.prices.fixed.items()},
        margin_percent=Decimal(str(file.prices.margin_percent)),
        round_up_to_minor=money(file.prices.round_up_to, "prices.round_up_to").amount_minor,
        charges=tuple(charges),
    )


def _money(text: str, currency: str, path: str) -> Money:
    try:
        amount = Money.parse(text, currency)
    except BadMoney as error:
        raise ConfigError(f"{path}: {error}") from None
    if amount.amount_minor <= 0:
        raise ConfigError(f"{path}: must be more than nothing.")
    return amount

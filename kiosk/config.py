"""config.toml, read once and checked: an unknown key, a wrong type or a value out of range is named with its path.

The tables of providers and tenders are kept raw here; each adapter converts its own with `convert_table`, because
only it knows its keys. Secrets are never in the file: a `Secret` says where to find one.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import Meta

from kiosk.errors import BadMoney, ConfigError
from kiosk.identifiers import SimRule
from kiosk.money import Money, exponent
from kiosk.plans import Charge, LineKind, PriceList, Promotion

Text = Annotated[str, Meta(min_length=1)]
Hours = Annotated[int, Meta(ge=1, le=24 * 365)]
Minutes = Annotated[int, Meta(ge=1, le=7 * 24 * 60)]
Seconds = Annotated[float, Meta(gt=0, le=3600)]
Count = Annotated[int, Meta(ge=1, le=1000)]

T = TypeVar("T", bound="Table")

EMBEDDED = "training mode"


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The base of every table of config.toml, adapters' own ones included."""


class Secret(Table, frozen=True, kw_only=True):
    """Where a secret lies: an environment variable, a file, or a systemd credential. Exactly one of them."""

    env: str = ""
    file: str = ""
    credential: str = ""

    def read(self, path: str) -> str:
        """The secret itself. `path` is the key's path for the message. Raises ConfigError where it is not there."""
        if sum(map(bool, (self.env, self.file, self.credential))) != 1:
            raise ConfigError(
                f'{path}: say where the secret is: {{ env = "…" }}, {{ file = "…" }} or {{ credential = "…" }}.'
            )
        if self.env:
            found = os.environ.get(self.env, "")
            where = f"the environment variable {self.env}"
        else:
            where = self.file or f"{os.environ.get('CREDENTIALS_DIRECTORY', '/run/credentials')}/{self.credential}"
            try:
                found = Path(where).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise ConfigError(f"{path}: cannot read the secret in {where}: {error.strerror}.") from None
        if not found:
            raise ConfigError(f"{path}: {where} is empty or not set.")
        return found


class Shop(Table, frozen=True, kw_only=True):
    id: Annotated[str, Meta(pattern="^[A-HJKMNPQRSV-Z][0-9A-HJKMNP-TV-Z]{2}$")] = "K01"
    name: Text = "Top-up kiosk"
    address: list[str] = []
    help_line: str = ""
    time_zone: Text = "America/New_York"
    currency: Text = "USD"
    refund_policy: dict[str, str] = {}


class LedgerTable(Table, frozen=True, kw_only=True):
    mode: Literal["live", "training"] = "live"
    state_dir: Text = "~/.local/state/kiosk"
    pepper: Secret = Secret(file="~/.config/kiosk/pepper")


class Sales(Table, frozen=True, kw_only=True):
    deliver_within_h: Hours = 24
    doubt_within_min: Minutes = 40
    review_within_h: Hours = 4
    refund_within_h: Hours = 72


class SyncTable(Table, frozen=True, kw_only=True):
    workers: Annotated[int, Meta(ge=1, le=32)] = 4
    backoff_first_s: Seconds = 2.0
    backoff_max_s: Seconds = 600.0
    lease_s: Seconds = 300.0
    attempts_max: Count = 50


class Prices(Table, frozen=True, kw_only=True):
    margin_percent: Annotated[float, Meta(ge=0, le=1000)] = 30.0
    round_up_to: Text = "0.50"
    fixed: dict[str, str] = {}


class ChargeTable(Table, frozen=True, kw_only=True):
    kind: Literal["tax", "fee"]
    name: dict[str, str]
    percent: Annotated[float, Meta(ge=0, le=100)] | None = None
    amount: str | None = None


class SimTable(Table, frozen=True, kw_only=True):
    prefix: Annotated[str, Meta(pattern="^[0-9]{1,10}$")]
    lengths: list[Annotated[int, Meta(ge=10, le=22)]] = msgspec.field(default_factory=lambda: [19, 20])
    check_digit: bool = True
    provider: Text


class PrinterTable(Table, frozen=True, kw_only=True):
    kind: Literal["network", "file", "none"] = "none"
    host: str = ""
    port: Annotated[int, Meta(ge=1, le=65535)] = 9100
    path: str = ""
    timeout_s: Seconds = 10.0
    columns: Annotated[int, Meta(ge=24, le=64)] = 42
    chinese: bool = True
    native_qr: bool = True
    cutter: bool = True


class Wifi(Table, frozen=True, kw_only=True):
    name: str = ""
    password: str = ""


class PromotionTable(Table, frozen=True, kw_only=True):
    name: dict[str, str]
    percent: Annotated[float, Meta(gt=0, le=100)]
    first_day: date
    last_day: date
    plans: list[str] = []


class SandboxTable(Table, frozen=True, kw_only=True):
    port: Annotated[int, Meta(ge=0, le=65535)] = 8731
    bind: Text = "127.0.0.1"


class File(Table, frozen=True, kw_only=True):
    """The whole file, as it is written. `Config` is what the kiosk works with."""

    kiosk: Shop = Shop()
    ledger: LedgerTable = LedgerTable()
    sales: Sales = Sales()
    sync: SyncTable = SyncTable()
    prices: Prices = Prices()
    charges: list[ChargeTable] = []
    sims: list[SimTable] = []
    printer: PrinterTable = PrinterTable()
    sandbox: SandboxTable = SandboxTable()
    wifi: Wifi = Wifi()
    promotion: PromotionTable | None = None
    providers: dict[str, dict[str, Any]] = {}
    tenders: dict[str, dict[str, Any]] = {}


@dataclass(frozen=True, slots=True)
class Config:
    """The file, checked, with what follows from it."""

    file: File
    source: str
    zone: ZoneInfo
    prices: PriceList
    sims: tuple[SimRule, ...]
    promotion: Promotion | None

    @property
    def training(self) -> bool:
        return self.file.ledger.mode == "training"

    @property
    def embedded(self) -> bool:
        """True for `--training`, whose sandbox starts by itself, and whose clerk is called demo."""
        return self.source == EMBEDDED

    @property
    def currency(self) -> str:
        return self.file.kiosk.currency

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
    try:
        zone = ZoneInfo(file.kiosk.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise ConfigError(f"{source}: kiosk.time_zone: no such zone; use a name such as America/New_York.") from None
    sims = tuple(SimRule(sim.prefix, tuple(sorted(sim.lengths)), sim.check_digit, sim.provider) for sim in file.sims)
    for number, sim in enumerate(sims):
        if sim.provider not in file.providers:
            raise ConfigError(f"{source}: sims[{number}].provider: there is no table [providers.{sim.provider}].")
    return Config(file, source, zone, _price_list(file, source), sims, _promotion(file, source))


def _promotion(file: File, source: str) -> Promotion | None:
    table = file.promotion
    if table is None:
        return None
    if "en" not in table.name:
        raise ConfigError(f"{source}: promotion.name: an English name (en) is needed.")
    if table.last_day < table.first_day:
        raise ConfigError(f"{source}: promotion.last_day: is before the first day.")
    return Promotion(table.name, Decimal(str(table.percent)), table.first_day, table.last_day, tuple(table.plans))


def _price_list(file: File, source: str) -> PriceList:
    currency = file.kiosk.currency
    try:
        exponent(currency)
    except BadMoney as error:
        raise ConfigError(f"{source}: kiosk.currency: {error}") from None

    def money(text: str, path: str, *, positive: bool = True) -> Money:
        try:
            amount = Money.parse(text, currency)
        except BadMoney as error:
            raise ConfigError(f"{source}: {path}: {error}") from None
        if amount.amount_minor < (1 if positive else 0):
            raise ConfigError(f"{source}: {path}: must be more than nothing.")
        return amount

    charges = []
    for number, table in enumerate(file.charges):
        path = f"charges[{number}]"
        if (table.percent is None) == (table.amount is None):
            raise ConfigError(f"{source}: {path}: give either percent or amount.")
        if "en" not in table.name:
            raise ConfigError(f"{source}: {path}.name: an English name (en) is needed.")
        amount = money(table.amount, f"{path}.amount") if table.amount is not None else None
        percent = None if table.percent is None else Decimal(str(table.percent))
        charges.append(Charge(LineKind(table.kind), table.name, percent, amount))
    return PriceList(
        currency=currency,
        fixed={plan: money(text, f"prices.fixed.{plan}") for plan, text in file.prices.fixed.items()},
        margin_percent=Decimal(str(file.prices.margin_percent)),
        round_up_to_minor=money(file.prices.round_up_to, "prices.round_up_to").amount_minor,
        charges=tuple(charges),
    )


def convert_table(raw: Any, table: type[T], path: str) -> T:
    """Convert one table of the file. Raises ConfigError with the key's whole path and what is allowed."""
    _refuse_unknown_keys(raw, table, path)
    try:
        return msgspec.convert(raw, table, strict=True)
    except msgspec.ValidationError as error:
        text, _, where = str(error).partition(" - at `$")
        key = _join(path, where.rstrip("`").lstrip("."))
        raise ConfigError(f"{key}: {text[0].lower()}{text[1:]}.") from None


def _join(path: str, key: str) -> str:
    if not key:
        return path.rstrip(":")
    return f"{path} {key}" if path.endswith(":") else f"{path}.{key}"


def _refuse_unknown_keys(raw: Any, table: type[Table], path: str) -> None:
    """Name every unknown key, in tables within tables too: msgspec gives neither its path nor the allowed names."""
    if not isinstance(raw, dict):
        return
    hints = get_type_hints(table)
    for key, value in raw.items():
        if key not in hints:
            raise ConfigError(f"{_join(path, key)}: no such key; known here: {', '.join(sorted(hints))}.")
        inner = hints[key]
        if get_origin(inner) is list and isinstance(value, list):
            inner = get_args(inner)[0]
            children = [(f"{key}[{number}]", child) for number, child in enumerate(value)]
        else:
            children = [(key, value)]
        if isinstance(inner, type) and issubclass(inner, Table):
            for name, child in children:
                _refuse_unknown_keys(child, inner, _join(path, name))

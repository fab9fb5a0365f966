"""The tables of config.toml, as types. allowed.py converts them, and names what is wrong with one.

The tables of providers and tenders stand with their adapters, which convert their own: only they know their keys.
"""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, field

from kiosk.errors import ConfigError
from kiosk.languages import LANGUAGES

Text = Annotated[str, Meta(min_length=1)]
Hours = Annotated[int, Meta(ge=1, le=24 * 365)]
Minutes = Annotated[int, Meta(ge=1, le=7 * 24 * 60)]
Seconds = Annotated[float, Meta(gt=0, le=3600)]
KIOSK_ID = "three of 0-9 and A-Z without I, L, O and U; a letter first, but not T"
Amount = Annotated[str, Meta(pattern=r"^[0-9]{1,9}(\.[0-9]{1,3})?$", description='an amount such as "100.00"')]
Count = Annotated[int, Meta(ge=1, le=1000)]


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
            folder = os.environ.get("CREDENTIALS_DIRECTORY", "/run/credentials")
            where = str(Path(self.file).expanduser()) if self.file else f"{folder}/{self.credential}"
            try:
                found = Path(where).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise ConfigError(f"{path}: cannot read the secret in {where}: {error.strerror}.") from None
            except UnicodeDecodeError:  # its own text would repeat the secret
                raise ConfigError(f"{path}: the secret in {where} is not text.") from None
        if not found:
            raise ConfigError(f"{path}: {where} is empty or not set.")
        return found


class Shop(Table, frozen=True, kw_only=True):
    id: Annotated[str, Meta(pattern="^[A-HJKMNPQRSV-Z][0-9A-HJKMNP-TV-Z]{2}$", description=KIOSK_ID)] = "K01"
    name: Text = "Top-up kiosk"
    address: list[str] = []
    help_line: str = ""
    time_zone: Text = "America/New_York"
    currency: Text = "USD"
    refund_policy: dict[str, str] = {}
    languages: list[str] = field(default_factory=lambda: [*LANGUAGES])
    bell: bool = True


class LedgerTable(Table, frozen=True, kw_only=True):
    mode: Literal["live", "training"] = "live"
    state_dir: Text = "~/.local/state/kiosk"
    pepper: Secret = Secret(file="~/.config/kiosk/pepper")


class Sales(Table, frozen=True, kw_only=True):
    deliver_within_h: Hours = 24
    doubt_within_min: Minutes = 40
    review_within_h: Hours = 4
    refund_within_h: Hours = 72
    refund_second_person_above: Amount | None = None
    message_within_h: Hours = 24
    keep_contacts_days: Annotated[int, Meta(ge=1, le=365)] = 30


class OfflineTable(Table, frozen=True, kw_only=True):
    orders_max: Count
    amount_max: Text
    oldest_max_h: Hours
    tenders: Annotated[list[Text], Meta(min_length=1)]
    catalogue_max_h: Annotated[int, Meta(ge=0, le=24 * 365)] = 0


class SyncTable(Table, frozen=True, kw_only=True):
    workers: Annotated[int, Meta(ge=1, le=32)] = 4
    backoff_first_s: Seconds = 2.0
    backoff_max_s: Seconds = 600.0
    lease_s: Seconds = 300.0
    attempts_max: Count = 50
    watch_days: Annotated[int, Meta(ge=0, le=180)] = 3
    sim_check_after_s: Annotated[int, Meta(ge=0, le=7 * 24 * 3600)] = 5400
    float_every_s: Annotated[int, Meta(ge=0, le=3600)] = 300
    float_low: dict[str, Amount] = {}


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
    prefix: Annotated[
        str, Meta(pattern=r"^([0-9]{1,10}|\+1)$", description='1 to 10 digits, or "+1" for phone numbers')
    ]
    lengths: Annotated[list[Annotated[int, Meta(ge=10, le=22)]], Meta(min_length=1)] = msgspec.field(
        default_factory=lambda: [19, 20]
    )
    check_digit: bool = True
    provider: Text


PrinterModel = Literal[
    "generic-58mm", "generic-80mm", "pos-5890", "zj-5870", "nt-5890k", "sunmi-v2", "xp-58", "xp-80", "rp326",
    "ct-s651", "tm-t20ii", "tm-t88iii", "tm-t88iv", "tm-t88v", "tm-l90", "tm-p80",
]  # fmt: skip
"""devices/profiles.py says what each can do."""


class PrinterTable(Table, frozen=True, kw_only=True):
    kind: Literal["network", "usb", "serial", "file", "cups", "none"] = "none"
    model: PrinterModel = "generic-80mm"
    required: bool = False
    host: str = ""
    port: Annotated[int, Meta(ge=1, le=65535)] = 9100
    path: str = ""
    baud: Literal[1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200] = 9600
    flow: Literal["none", "rtscts", "dsrdtr", "xonxoff"] = "none"
    usb_id: Annotated[str, Meta(pattern="^([0-9a-f]{4}:[0-9a-f]{4})?$", description='an id such as "04b8:0202"')] = ""
    queue: Annotated[str, Meta(pattern="^([^-/# ][^/# ]*)?$", description="the name of a queue of CUPS")] = ""
    timeout_s: Seconds = 10.0
    columns: Annotated[int, Meta(ge=24, le=64)] | None = None
    chinese: bool | None = None
    native_qr: bool | None = None
    cutter: bool | None = None
    font: str = ""


class ReceiptTable(Table, frozen=True, kw_only=True):
    clerk_language: Text = "en"
    header: dict[str, list[str]] = {}
    footer: dict[str, list[str]] = {}
    logo: str = ""


class ScannerTable(Table, frozen=True, kw_only=True):
    kind: Literal["keyboard", "serial", "input"] = "keyboard"
    device: str = ""
    baud: Literal[1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200] = 9600
    suffix: Literal["any", "none"] = "any"


class ServeTable(Table, frozen=True, kw_only=True):
    seats_max: Annotated[int, Meta(ge=1, le=100)] = 4
    grace_s: Seconds = 120.0
    columns: Annotated[int, Meta(ge=80, le=300)] = 100
    rows: Annotated[int, Meta(ge=24, le=100)] = 30


class CounterTable(Table, frozen=True, kw_only=True):
    lock_after_s: Seconds = 300.0


class Wifi(Table, frozen=True, kw_only=True):
    name: str = ""
    password: str = ""


class PromotionTable(Table, frozen=True, kw_only=True):
    name: dict[str, str]
    percent: Annotated[float, Meta(gt=0, lt=100)] | None = None
    amount: str | None = None
    first_day: date
    last_day: date
    weekdays: list[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]] = []
    plans: list[str] = []


class VoiceTable(Table, frozen=True, kw_only=True):
    program: str = "espeak-ng"
    headphones: str = ""


class SandboxTable(Table, frozen=True, kw_only=True):
    port: Annotated[int, Meta(ge=0, le=65535)] = 8731
    bind: Text = "127.0.0.1"


class File(Table, frozen=True, kw_only=True):
    """The whole file, as it is written. `Config` is what the kiosk works with."""

    kiosk: Shop = Shop()
    ledger: LedgerTable = LedgerTable()
    sales: Sales = Sales()
    offline: OfflineTable | None = None
    sync: SyncTable = SyncTable()
    prices: Prices = Prices()
    coverage: dict[str, dict[str, str]] = {}
    charges: list[ChargeTable] = []
    sims: list[SimTable] = []
    printer: PrinterTable = PrinterTable()
    receipt: ReceiptTable = ReceiptTable()
    scanner: ScannerTable = ScannerTable()
    serve: ServeTable = ServeTable()
    voice: VoiceTable = VoiceTable()
    sandbox: SandboxTable = SandboxTable()
    counter: CounterTable = CounterTable()
    wifi: Wifi = Wifi()
    promotions: list[PromotionTable] = []
    providers: dict[str, dict[str, Any]] = {}
    tenders: dict[str, dict[str, Any]] = {}
    messages: dict[str, dict[str, Any]] = {}

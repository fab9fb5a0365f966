"""The composition root: configuration in, a working kiosk out. The one place that knows everyone.

What is slow to import is imported when it is first needed: the welcome screen paints before httpx is loaded.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kiosk.clock import SteadyClock
from kiosk.config import Config
from kiosk.config import load as load_config
from kiosk.errors import ConfigError, LedgerGone
from kiosk.hardware import Hardware
from kiosk.log import log_to
from kiosk.offline import check_holds

if TYPE_CHECKING:
    from kiosk.holder import QueueLock
    from kiosk.identifiers import SimNumber
    from kiosk.inquiry import Inquiry
    from kiosk.ledger import Ledger
    from kiosk.money import Money
    from kiosk.peak import Hour
    from kiosk.plans import Plan, Sim
    from kiosk.ports import Clock, Provider, Tender
    from kiosk.promotions import ProviderPromotion
    from kiosk.questions import Remotes
    from kiosk.quotes import Quote
    from kiosk.settings import Settings
    from kiosk.sync import Queue
    from kiosk.ways import Outlook


class House(Hardware):
    """One kiosk of one configuration. Its parts are made when they are first asked for."""

    def __init__(self, config: Config, clock: Clock | None = None) -> None:
        super().__init__(config)
        self.clock: Clock = clock or SteadyClock()
        self._had_ledger = False

    @cached_property
    def ledger(self) -> Ledger:
        """The ledger, opened or made. Raises LedgerError."""
        from kiosk.ledger import Ledger

        path = self.config.state_dir / "ledger.db"
        if self._had_ledger and not path.exists():  # never an empty one in its place
            raise LedgerGone(f"{path} is gone. Put it back, or restore a backup: kiosk restore FILE.")
        ledger = Ledger(path, mode=self.config.file.ledger.mode, kiosk=self.config.kiosk_id, at=self.clock.now())
        self._had_ledger = True
        self.clock.not_before(ledger.newest_at())
        if self.config.embedded:
            from kiosk import training

            training.ensure_clerk(ledger, self.config, self.clock)
        return ledger

    @cached_property
    def providers(self) -> Mapping[str, Provider]:
        """The configured providers by name. Raises ConfigError."""
        from kiosk.providers import build

        self._ensure_sandbox()
        return {
            name: build(name, table, path=self._path("providers", name), **self._surroundings)
            for name, table in self.config.file.providers.items()
        }

    @cached_property
    def tenders(self) -> Mapping[str, Tender]:
        """The configured ways to pay by name. Raises ConfigError."""
        from kiosk.tenders import build

        self._ensure_sandbox()
        tenders = {
            name: build(name, table, path=self._path("tenders", name), **self._surroundings)
            for name, table in self.config.file.tenders.items()
        }
        if rules := self.config.offline:
            from kiosk.settlement import CAPTURE_MARGIN

            longest = timedelta(hours=self.config.file.sales.deliver_within_h) + CAPTURE_MARGIN
            check_holds(rules, tenders.values(), longest, self.config.source)
        return tenders

    @cached_property
    def inquiry(self) -> Inquiry:
        from kiosk.inquiry import Inquiry
        from kiosk.unseen import remember

        return Inquiry(
            lambda: self.providers,
            self.config.sims,
            lambda sim: remember(self.ledger, self.config, sim, self.clock.now()),
        )

    def unseen(self, number: SimNumber) -> Sim | None:
        """This SIM by the last known plans of its kind, where it may be sold although its provider does not answer.

        Raises LedgerError, ConfigError.
        """
        from kiosk.unseen import unseen

        provider = self.inquiry.provider_of(number).name
        return unseen(self.ledger, self.config, number, provider, self.clock.now())

    def lock(self, name: str) -> QueueLock:
        """The queue's lock for this process. Raises QueueHeld."""
        from kiosk.holder import QueueLock

        return QueueLock(self.config.state_dir / "queue.lock", name)

    def outlook(self, provider: str = "", more: Money | None = None, *, unseen: bool = False) -> Outlook:
        """What stands against a sale of `more` at this provider (without one: at whichever). Raises LedgerError.

        `unseen`: nobody could look at the SIM that it is for.
        """
        from kiosk.outlook import outlook, with_paper

        providers = [provider] if provider else list(self.config.file.providers)
        off = self.settings().tenders_off
        told = outlook(self.ledger, self.config, self.clock, providers, more, unseen=unseen, off=off)
        required = self.config.file.printer.required
        return with_paper(told, self.paper_watch.glance(), required=required) if provider or required else told

    def settings(self) -> Settings:
        """What is not as configured at this moment. Raises LedgerError."""
        from kiosk.ledger.settings import changed_settings
        from kiosk.settings import settings_of

        return settings_of(changed_settings(self.ledger))

    def quote(self, sim: Sim, plan: Plan, seen: Quote | None = None) -> Quote:
        """What this plan costs now, by the freshest word of it. Raises LedgerError.

        Who has `seen` it keeps the promotions that ran then, whatever was switched off since.
        """
        from kiosk.quotes import quote

        settings = seen.settings if seen else self.settings()
        return quote(self.ledger, self.config, sim, plan, self.clock.now(), settings)

    def hour(self, provider: str) -> Hour:
        """What top-ups of this provider are like at this hour. Raises LedgerError."""
        from kiosk.ledger.pasts import pasts
        from kiosk.peak import hour_of

        now = self.clock.now()
        return hour_of(pasts(self.ledger, provider, now), now)

    def left_to_sell(self, provider: str) -> Money | None:
        """What is left of our float at this provider; None where nobody knows. Raises LedgerError."""
        from kiosk.ledger.floats import left_to_sell

        return left_to_sell(self.ledger, provider, self.clock.now())

    def promotions(self, provider: str = "") -> tuple[ProviderPromotion, ...]:
        """What this provider (without one: each of them) gives on top at this moment. Raises LedgerError.

        Nothing, where the shop does not show it now.
        """
        from kiosk.ledger.promotions import promotions_of

        if not self.settings().tells_provider:
            return ()
        providers = [provider] if provider else list(self.config.file.providers)
        return tuple(told for name in providers for told in promotions_of(self.ledger, name, self.clock.now()))

    def queue(self) -> Queue:
        """The queue, for the holder of its lock: what a dead predecessor had in flight is due at once."""
        import random

        from kiosk.sync import Queue

        return Queue(self.ledger, self.remotes, self.config.file.sync, self.clock, random.random)

    @property
    def remotes(self) -> Remotes:
        """The outside, by name. Raises ConfigError."""
        from kiosk.questions import Remotes

        file = self.config.file
        return Remotes(self.providers, self.tenders, file.sales, file.sync.attempts_max)

    def choose(self, alphabet: str) -> str:
        """One character, unpredictable: for references that nobody can guess."""
        import secrets

        return secrets.choice(alphabet)

    def who(self, clerk: str, pin: str) -> str:
        """Who acts, as it goes on record, after the PIN was checked. Raises ClerkError."""
        from kiosk.clerks import check_pin, pepper_of  # argon2 costs 60 ms: only for a clerk

        return check_pin(self.ledger, pepper_of(self.config.file.ledger.pepper, "ledger.pepper"), clerk, pin)

    def review_by(self) -> datetime:
        """The deadline of something that a clerk must look at from now on."""
        return self.clock.now() + timedelta(hours=self.config.file.sales.review_within_h)

    def let_go(self) -> None:
        """Close the ledger, so that it can be put right; whoever asks for it next opens it anew."""
        if ledger := self.__dict__.pop("ledger", None):
            ledger.close()

    def close(self) -> None:
        self.let_go()

    def _ensure_sandbox(self) -> None:
        if self.config.embedded:
            from kiosk import training

            training.ensure_sandbox(self.config)

    def _path(self, folder: str, name: str) -> str:
        return f"{self.config.source}: {folder}.{name}"

    @property
    def _surroundings(self) -> dict[str, Any]:
        return {
            "training": self.config.training,
            "currency": self.config.currency,
            "state_dir": self.config.state_dir,
            "clock": self.clock,
        }


def build(config_path: Path | None, *, train: bool) -> House:
    """The kiosk of a configuration file, or of training mode with its sandbox running. Raises ConfigError."""
    if config_path is None and not train:
        raise ConfigError("Which kiosk? Give --config FILE (config.toml is a start), or --training to practise.")
    if config_path is not None and train:
        raise ConfigError("--training has a configuration of its own; leave out --config.")
    from kiosk import training

    config = load_config(config_path) if config_path else training.config()
    log_to(config.state_dir / "kiosk.log")
    return House(config)

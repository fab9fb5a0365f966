"""Questions before there is an order: what is this SIM, which plans does it take? Never changes anything.

Each question runs in a thread of its own and comes back as a Future, so that no screen ever waits. Its deadline is its
own too: a provider that does not answer is Unreachable, and its late answer is nobody's. What it hears is passed on, to
be remembered (unseen.py); that nobody could is no reason to keep the answer from whoever asked.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLate

from kiosk.errors import KioskError, LedgerError, Misconfigured, NoAnswer, NotNow, Refused, Unreachable
from kiosk.identifiers import ICCID_HEAD, SimNumber, SimRule, is_phone
from kiosk.plans import Sim
from kiosk.ports import Provider

log = logging.getLogger(__name__)

DEADLINE_S = 20.0
NOBODYS, NOBODYS_PHONE = SimNumber("8900000000000000003"), SimNumber("+12025550100")
"""Numbers that no SIM has. What a provider says of one only shows that the line to it is up."""


class Inquiry:
    """Asks the provider that serves a SIM."""

    def __init__(
        self,
        providers: Callable[[], Mapping[str, Provider]],
        rules: Sequence[SimRule],
        remember: Callable[[Sim], None] = lambda sim: None,
    ) -> None:
        """`remember` hears of every SIM, from the thread that asked; it may raise LedgerError."""
        self._providers = providers
        self._rules = rules
        self._remember = remember

    def sim(self, number: SimNumber) -> Future[Sim]:
        """The SIM and its plans; the Future raises NoAnswer, or ConfigError."""
        future: Future[Sim] = Future()
        future.set_running_or_notify_cancel()  # a screen that leaves cannot take the place of the answer away
        threading.Thread(target=self._answer, args=(future, number), name="inquiry", daemon=True).start()
        return future

    def sim_now(self, number: SimNumber, deadline_s: float = DEADLINE_S) -> Sim:
        """The same for those who may wait. Raises NoAnswer, ConfigError."""
        try:
            return self.sim(number).result(deadline_s)
        except TooLate:
            raise Unreachable(f"The provider has not answered within {deadline_s:.0f} s.", sent=False) from None

    def line(self) -> None:
        """Ask until one provider says anything at all, a no as well. Raises NoAnswer where none does. May take long."""
        silence: NoAnswer = Misconfigured("No provider is configured.")
        for name, provider in self._providers().items():
            serves = {is_phone(rule.prefix) for rule in self._rules if rule.provider == name}
            try:
                provider.sim(NOBODYS_PHONE if serves == {True} else NOBODYS)
            except (Refused, NotNow):
                return
            except NoAnswer as error:
                silence = error
            else:
                return
        raise silence

    def _answer(self, future: Future[Sim], number: SimNumber) -> None:
        try:
            sim = self.provider_of(number).sim(number)
            self._pass_on(sim)
            future.set_result(sim)
        except KioskError as error:
            future.set_exception(error)
        except Exception as error:  # noqa: BLE001 - the seam to adapters: a defect there is no answer
            future.set_exception(Unreachable(f"The question failed: {type(error).__name__}.", sent=False))

    def _pass_on(self, sim: Sim) -> None:
        try:
            self._remember(sim)
        except LedgerError as error:
            log.warning("What %s said of a SIM is not remembered: %s", sim.provider, error)

    def provider_of(self, number: SimNumber) -> Provider:
        """Who serves this SIM: the longest prefix in [[sims]]. Raises Misconfigured."""
        providers = self._providers()
        fitting = [rule for rule in self._rules if number.startswith(rule.prefix)]
        if fitting:
            return providers[max(fitting, key=lambda rule: len(rule.prefix)).provider]
        if not providers:
            raise Misconfigured("No provider is configured: config.toml needs a table such as [providers.airalo].")
        kind, prefix = ("phone", "+1") if is_phone(number) else ("card", ICCID_HEAD)
        raise Misconfigured(f'No provider serves {kind} numbers: config.toml needs [[sims]] with prefix = "{prefix}".')

"""The code that a customer's wallet shows to be scanned. It is money: it is passed on at once, and never kept.

It must never be stored, shown, logged or told: not in the ledger, not in an error, not in the picture of a variable.
"""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, NoReturn

from kiosk.errors import NoAnswer

if TYPE_CHECKING:  # the screens know a code before the first picture, and what takes it much later
    from kiosk.abilities import ChargesCodes
    from kiosk.order import Order
    from kiosk.ports import Paid, Pending

HIDDEN = "***"


class PaymentCode:
    """A scanned code. Whoever prints, logs or formats it gets stars; only `reveal` gives it, to pass it on."""

    __slots__ = ("_digits",)

    def __init__(self, digits: str) -> None:
        self._digits = digits.strip()

    def reveal(self) -> str:
        return self._digits

    def __repr__(self) -> str:
        return f"PaymentCode({HIDDEN})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a payment code is never stored")

    def hidden_in(self, text: str) -> str:
        """The text without the code."""
        return text.replace(self._digits, HIDDEN) if self._digits else text


def reads(rail: ChargesCodes, code: PaymentCode) -> bool:
    """Whether it looks like a payment code of this wallet. A defect of the adapter is told without the code."""
    kind = ""
    try:
        return rail.reads(code.reveal())
    except Exception as error:  # noqa: BLE001 - as below
        kind = type(error).__name__
    raise RuntimeError(f"the adapter could not read a code: {kind}")


def charge(rail: ChargesCodes, order: Order, wire: str, code: PaymentCode, now: datetime) -> Paid | Pending:
    """The charge itself. Whatever comes back, or is raised, does not hold the code. Raises NoAnswer, RuntimeError."""
    answer: Paid | Pending | None = None
    problem: Exception
    try:
        answer = rail.charge(order, wire, code.reveal(), now)
    except NoAnswer as error:
        problem = _without(code, error)
    except Exception as error:  # noqa: BLE001 - not even logged: its text, and what it grew out of, may hold the code
        problem = RuntimeError(f"the charge failed: {type(error).__name__}")
    if answer is None:
        raise problem
    return replace(answer, **_texts_without(code, {each.name: getattr(answer, each.name) for each in fields(answer)}))


def _without(code: PaymentCode, error: NoAnswer) -> NoAnswer:
    """The same error, of the same kind, with neither its causes nor its frames."""
    clean: NoAnswer = type(error).__new__(type(error))
    clean.__dict__.update(vars(error) | _texts_without(code, vars(error)))
    clean.args = (code.hidden_in(str(error)),)
    return clean


def _texts_without(code: PaymentCode, said: dict[str, Any]) -> dict[str, Any]:
    return {name: code.hidden_in(value) for name, value in said.items() if isinstance(value, str)}

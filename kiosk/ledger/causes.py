"""Why something went wrong, or was given back: a few causes in plain words, by the event and by how its reason is said.

A reason has names and amounts in it, and no two are alike; the queue says each of them in one of a few sentences
(settlement.py, answers.py, restoring.py). A sentence that is not known here is "another reason", never lost.
"""

from __future__ import annotations

from kiosk.facts import Event

OTHER = "another reason"

FAILED: dict[Event, tuple[str, str]] = {
    Event.REJECTED: ("top-up", "the provider refused the top-up"),
    Event.GAVE_UP: ("top-up", "the top-up could not be sent in time"),
    Event.ESCALATED: ("review", OTHER),
    Event.FOUND_PAID: ("review", "paid after the order was closed"),
    Event.FOUND_DELIVERED: ("review", "delivered after the order was closed"),
    Event.REVERSED: ("review", "a delivered top-up was taken back"),
    Event.REFUND_FAILED: ("review", "a refund failed after all"),
}
"""What counts as a failure: of which kind it is, and its cause."""

SAID: tuple[tuple[str, str], ...] = (
    ("%a part of the ledger was lost%", "a part of the ledger was lost"),
    ("the top-up % before the ledger was restored, %", "a part of the ledger was lost"),
    ("% says that % was paid (number %), and % is due", "another amount was paid than was due"),
    ("a refund was ordered, and % says that the top-up was delivered %", "delivered although a refund was ordered"),
    ("the top-up is delivered, and % refuses to take %", "delivered, and the card's money could not be taken"),
    ("the top-up is delivered, and the card%", "delivered, and the card's money could not be taken"),
    ("the top-up may have been sent, and %", "nobody knows whether the top-up was made"),
    ("the top-up was sent, and %", "nobody knows whether the top-up was made"),
    ("% is to be given back, and % refuses: %", "the refund was refused"),
    ("% is to be given back by % since %", "the refund was not made in time"),
    ("% has not said for good what became of the payment; %", "nobody knows whether it was paid"),
    ("% calls were made in %, and none was answered for good", "many calls, and no final answer"),
    ("an answer contradicts the record: %", "an answer contradicts the record"),
)
"""How the reasons of reviews begin and end (SQL's LIKE), and the cause that each is; the first that fits counts."""

GIVEN_BACK: dict[Event, str] = {
    Event.REJECTED: FAILED[Event.REJECTED][1],
    Event.GAVE_UP: FAILED[Event.GAVE_UP][1],
    Event.CANCELLED: "paid after the customer had left",
    Event.REFUND_ORDERED: "a clerk ordered it",
}
"""Why money went back: the last of these events of the order. Without one, a clerk has settled it by hand."""
BY_HAND = "a clerk settled it by hand"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def listed(events: dict[Event, str] | dict[Event, tuple[str, str]]) -> str:
    """These events, as SQL lists them."""
    return ", ".join(_quoted(event.value) for event in events)


def kind_of_failure(event: str) -> str:
    """SQL: the kind of failure that the event in this column is."""
    return _case(event, {name: kind for name, (kind, _) in FAILED.items()}, "NULL")


def cause_of_failure(event: str, reason: str) -> str:
    """SQL: the cause, by the event and the reason in these columns."""
    said = " ".join(f"WHEN {reason} LIKE {_quoted(how)} THEN {_quoted(cause)}" for how, cause in SAID)
    causes: dict[Event, str] = {name: cause for name, (_, cause) in FAILED.items() if name is not Event.ESCALATED}
    return _case(event, causes, f"CASE {said} ELSE {_quoted(OTHER)} END")


def cause_of_refund(event: str) -> str:
    """SQL: why it was given back, by the event in this column; NULL where there is none."""
    return _case(event, GIVEN_BACK, _quoted(BY_HAND))


def _case(column: str, words: dict[Event, str], otherwise: str) -> str:
    whens = " ".join(f"WHEN {_quoted(event.value)} THEN {_quoted(cause)}" for event, cause in words.items())
    return f"CASE {column} {whens} ELSE {otherwise} END"

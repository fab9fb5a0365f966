"""What DT One's documented codes and states mean here: the one table. Pure; sends nothing.

A code that is not in it proves nothing. docs/providers.md shows the same table with what everybody sees of it, and a
test compares the two. Source: the OpenAPI document of DVS 1.23.0.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum

from kiosk.errors import Misconfigured, NoAnswer, NotNow, Refused, Unreachable
from kiosk.remote import Reply


class Means(StrEnum):
    """What an error code says of the request that it answers."""

    NO = "refused"  # a definite no: nothing was done, nothing was charged
    STRANGER = "refused: unknown SIM"
    LATER = "not now"  # not done, and may be asked again under the same reference
    OURS = "misconfigured"
    LOOK = "looked up"  # our reference or transaction is known there: fetch it and adopt what it says
    DOUBT = "in doubt"


USED, CONFIRM_TOO_LATE, NOT_FOUND = 1007001, 1007004, 1008004

MEANINGS: dict[int, tuple[Means, str]] = {
    1000400: (Means.NO, "the request was not understood"),
    1000401: (Means.OURS, "check api_key and api_secret"),
    1000404: (Means.OURS, "there is no such address: check base_url"),
    1000429: (Means.LATER, "it is asked too often"),
    1003001: (Means.NO, "this plan is not in our account"),
    1003002: (Means.NO, "the amount is out of range"),
    1003003: (Means.NO, "the unit is not the plan's"),
    1003101: (Means.NO, "no benefits are defined for this plan"),
    1003201: (Means.NO, "there is no such promotion"),
    1003301: (Means.NO, "there is no such campaign"),
    1005003: (Means.STRANGER, "it does not know this SIM: only cards sold by this shop can be topped up"),
    1005004: (Means.OURS, "there is no such service in our account"),
    1005005: (Means.OURS, "there is no such country in our account"),
    1005006: (Means.OURS, "there is no such operator: check operator_id"),
    1005503: (Means.NO, "the sender's number is wrong"),
    1006001: (Means.LATER, "our balance at DT One does not cover it"),
    1006003: (Means.NO, "the debit party's number is wrong"),
    1006009: (Means.OURS, "our account has no balance in this currency"),
    1006503: (Means.NO, "the beneficiary's number is wrong"),
    USED: (Means.LOOK, "our reference is used already"),
    1007002: (Means.LOOK, "the transaction is confirmed already"),
    CONFIRM_TOO_LATE: (Means.LOOK, "the transaction can no longer be confirmed"),
    1007005: (Means.LOOK, "the transaction is cancelled already"),
    1007007: (Means.LOOK, "the transaction can no longer be cancelled"),
    1007500: (Means.NO, "the operator does not support this"),
    NOT_FOUND: (Means.LOOK, "there is no such transaction"),
    1009001: (Means.DOUBT, "something unexpected happened there"),
    1009503: (Means.DOUBT, "it is not available"),
}


class State(IntEnum):
    """The classes of a transaction's status. DT One asks that nothing be made to depend on the status itself."""

    CREATED = 1
    CONFIRMED = 2
    REJECTED = 3
    CANCELLED = 4
    SUBMITTED = 5
    COMPLETED = 7
    REVERSED = 8
    DECLINED = 9


NEVER = {
    State.REJECTED: "DT One refused it",
    State.CANCELLED: "it was cancelled before it was confirmed",
    State.REVERSED: "DT One took it back, and credited us",
    State.DECLINED: "the operator refused it",
}
"""The states that are a definite no. Nothing was charged, or it is back; the reference cannot be used again."""

WHY = {
    "INVALID-CREDIT-PARTY": "the card number is not valid there",
    "BARRED-CREDIT-PARTY": "the SIM is barred",
    "INELIGIBLE-CREDIT-PARTY": "the SIM does not take this plan",
    "LIMITATIONS": "a limit of amount or number is reached",
    "DUPLICATED-TRANSACTION": "the operator has just carried out the same",
    "OPERATOR-CURRENTLY-UNAVAILABLE": "the operator cannot be reached",
    "INSUFFICIENT-BALANCE": "our balance at DT One does not cover it",
}
"""By what a status says after its class: words for the clerk. The customer gets the money back in every case."""


def codes_in(reply: Reply) -> list[int]:
    """The codes of an error answer; none where it is not in DT One's shape."""
    try:
        errors = reply.record().get("errors")
    except Unreachable:
        return []
    entries = errors if isinstance(errors, list) else []
    return [entry["code"] for entry in entries if isinstance(entry, dict) and type(entry.get("code")) is int]


def refusal(reply: Reply) -> NoAnswer:
    """What an error answer means for the request. In doubt unless every code in it is documented as something else."""
    found = codes_in(reply)
    if reply.status == 429:
        return NotNow("DT One is asked too often for now.", retry_after_s=reply.retry_after_s)
    if reply.status in (401, 403):
        return Misconfigured("DT One refuses this kiosk: check api_key and api_secret.")
    known = [MEANINGS[code] for code in found if code in MEANINGS]
    if not known or len(known) < len(found) or not 400 <= reply.status < 500:
        return reply.odd("with an error that proves nothing")
    means, words = known[0]
    said = f"{words} (code {found[0]})."
    match means if len(known) == 1 else Means.DOUBT:
        case Means.NO:
            return Refused(f"DT One refuses: {said}")
        case Means.STRANGER:
            return Refused(f"DT One refuses: {said}", code="unknown_sim")
        case Means.LATER:
            return NotNow(f"DT One cannot do it for now: {said}", retry_after_s=reply.retry_after_s)
        case Means.OURS:
            return Misconfigured(f"DT One refuses this kiosk: {said}")
    return Unreachable(f"DT One gave no result: {said}", sent=True)

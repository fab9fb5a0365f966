"""What Reloadly's error codes and states mean here: the one table. Pure; sends nothing.

A code that is not in it proves nothing. docs/providers.md shows the same table with what everybody sees of it, and a
test compares the two. Sources: there.
"""

from __future__ import annotations

from enum import StrEnum

from kiosk.errors import Misconfigured, NoAnswer, NotNow, Refused, Unreachable
from kiosk.remote import Reply


class Means(StrEnum):
    """What an error code says of the request that it answers."""

    NO = "refused"  # a definite no: nothing was done, nothing was charged
    STRANGER = "refused: unknown SIM"
    LATER = "not now"  # not done, and may be asked again under the same reference
    OURS = "misconfigured"
    LOOK = "looked up"  # our reference is known there: fetch it and adopt what it says
    DOUBT = "in doubt"


USED = "CUSTOM_IDENTIFIER_ALREADY_USED"
INACTIVE = "OPERATOR_UNAVAILABLE_OR_CURRENTLY_INACTIVE"
TOO_OFTEN_S = 10.0  # where Retry-After is missing

MEANINGS: dict[str, tuple[Means, str]] = {
    "ACCOUNT_NOT_FOUND": (Means.OURS, "our account is not known"),
    "AUTHENTICATION_FAILURE": (Means.OURS, "check client_id and client_secret"),
    "CONNECTION_TO_OPERATOR_FAILED": (Means.DOUBT, "its line to the mobile network failed"),
    "CONNECTION_TO_OPERATOR_TEMPORARILY_DOWN": (Means.DOUBT, "its line to the mobile network is down"),
    "COULD_NOT_AUTO_DETECT_OPERATOR": (Means.STRANGER, "it does not know whose number this is"),
    "COUNTRY_NOT_SUPPORTED": (Means.NO, "it tops up no numbers of this country"),
    USED: (Means.LOOK, "our reference is used already"),
    "INACTIVE_ACCOUNT": (Means.OURS, "our account is switched off"),
    "INSUFFICIENT_BALANCE": (Means.LATER, "our balance at Reloadly does not cover it"),
    "INTERNAL_SERVER_ERROR": (Means.DOUBT, "something unexpected happened there"),
    "INVALID_AMOUNT": (Means.NO, "the amount is wrong"),
    "INVALID_AMOUNT_FOR_OPERATOR": (Means.NO, "the mobile network does not take this amount"),
    "INVALID_AMOUNT_FOR_RECIPIENT_PHONE": (Means.NO, "this number does not take this amount"),
    "INVALID_AUDIENCE": (Means.OURS, "check base_url: it is what the token is asked for"),
    "INVALID_CREDENTIALS": (Means.OURS, "check client_id and client_secret, and whether they are live ones"),
    "INVALID_INPUT_PROVIDED": (Means.NO, "the request was not understood"),
    "INVALID_LOCAL_AMOUNT_FOR_OPERATOR": (Means.NO, "the mobile network does not take this amount"),
    "INVALID_PHONE_NUMBER": (Means.STRANGER, "this is no phone number there"),
    "INVALID_RECIPIENT_PHONE": (Means.STRANGER, "this is no phone number there"),
    "INVALID_REQUEST": (Means.NO, "the request was not understood"),
    "INVALID_SENDER_PHONE": (Means.NO, "the sender's number is wrong"),
    "INVALID_TOKEN": (Means.OURS, "check client_id, client_secret and base_url"),
    "LOCAL_AMOUNTS_NOT_SUPPORTED_BY_OPERATOR": (Means.NO, "the mobile network takes no amounts of its own currency"),
    "MAX_DAILY_TRANSACTION_AMOUNT_REACHED": (Means.LATER, "our account has sold what it may in a day"),
    "MAX_DAILY_TRANSACTION_COUNT_REACHED": (Means.LATER, "our account has sold as often as it may in a day"),
    "MEDIA_TYPE_NOT_ACCEPTABLE": (Means.OURS, "it does not speak as we ask it to: check base_url"),
    "METHOD_NOT_SUPPORTED": (Means.OURS, "there is no such call: check base_url"),
    "MISSING_TOKEN": (Means.OURS, "no token came through: is there a proxy in between?"),
    "NOT_AUTHORIZED": (Means.OURS, "our account may not do this"),
    "OPERATOR_AND_RECIPIENT_PHONE_MISMATCH": (Means.NO, "the number is of another mobile network"),
    "OPERATOR_NOT_FOUND": (Means.NO, "it does not know this mobile network"),
    "OPERATOR_NOT_IN_SERVICE": (Means.LATER, "the mobile network is not in service"),
    INACTIVE: (Means.LATER, "the mobile network cannot be reached"),
    "PHONE_BANNED_BY_OPERATOR": (Means.NO, "the mobile network has barred this number"),
    "PHONE_RECENTLY_RECHARGED": (Means.LATER, "this number has just been topped up"),
    "PROVIDER_INTERNAL_ERROR": (Means.DOUBT, "something unexpected happened behind it"),
    "RATE_LIMIT_REACHED": (Means.LATER, "it is asked too often"),
    "RECIPIENT_HAS_PENDING_TRANSACTION": (Means.LATER, "another top-up of this number is under way"),
    "RECIPIENT_PHONE_INACTIVE": (Means.NO, "this number is not in use"),
    "RECIPIENT_REACHED_MAX_TOPUP_NUMBER": (Means.NO, "this number takes no more top-ups for now"),
    "REQUEST_FAILED_ON_PROVIDER": (Means.DOUBT, "something failed behind it"),
    "REQUEST_PROCESSING_FAILED": (Means.DOUBT, "something failed there"),
    "RESOURCE_NOT_FOUND": (Means.OURS, "there is no such thing: check base_url"),
    "SERVICE_TO_OPERATOR_TEMPORARILY_UNAVAILABLE": (Means.DOUBT, "its line to the mobile network is down"),
    "SERVICE_UNAVAILABLE": (Means.DOUBT, "it is not available"),
    "TOKEN_EXPIRED": (Means.OURS, "its token ends at once: is the kiosk's clock right?"),
    "TOPUP_TRANSACTION_FAILED": (Means.LATER, "the top-up failed there"),
    "TRANSACTION_CANNOT_BE_PROCESSED_AT_THE_MOMENT": (Means.LATER, "it cannot be done at the moment"),
    "TRANSACTION_FAILED_ON_OPERATOR": (Means.LATER, "the top-up failed at the mobile network"),
    "TRANSACTION_NOT_FOUND": (Means.DOUBT, "there is no such top-up"),
    "TRANSACTION_REFUSED_BY_OPERATOR": (Means.NO, "the mobile network refused it"),
    "TRANSACTION_REJECTED_BY_OPERATOR": (Means.NO, "the mobile network refused it"),
    "UNMAPPED_PROVIDER_ERROR_CODE": (Means.DOUBT, "something unexpected happened behind it"),
    "UNPROCCESSABLE_ENTITY": (Means.NO, "the request makes no sense to it"),
    "UNSUPPORTED_MEDIA_TYPE": (Means.OURS, "it does not speak as we do: check base_url"),
}

WAIT_S = {
    "PHONE_RECENTLY_RECHARGED": 120.0,
    "RECIPIENT_HAS_PENDING_TRANSACTION": 120.0,
    "TOPUP_TRANSACTION_FAILED": 1800.0,
    "TRANSACTION_FAILED_ON_OPERATOR": 1800.0,
}
"""How long to wait where Reloadly says it in its documentation, and not in the answer."""


class State(StrEnum):
    SUCCESSFUL = "SUCCESSFUL"
    PROCESSING = "PROCESSING"
    REFUNDED = "REFUNDED"
    FAILED = "FAILED"


NEVER = {
    State.REFUNDED: "the mobile network did not carry it out, and our account got the money back",
    State.FAILED: "the mobile network failed to carry it out, and nothing was charged; Reloadly asks to wait 30 min "
    "before this number is topped up again",
}
"""The states that are a definite no. The reference is spent."""


def code_in(reply: Reply) -> str:
    """The code of an error answer; empty where it is not in Reloadly's shape."""
    try:
        found = reply.record().get("errorCode")
    except Unreachable:
        return ""
    return found if isinstance(found, str) else ""


def refusal(reply: Reply) -> NoAnswer:
    """What an error answer means for the request. In doubt unless its code is documented as something else."""
    code = code_in(reply)
    if reply.status == 429:
        wait_s = TOO_OFTEN_S if reply.retry_after_s is None else reply.retry_after_s
        return NotNow("Reloadly is asked too often for now.", retry_after_s=wait_s)
    if code not in MEANINGS:
        if reply.status in (401, 403):
            return Misconfigured("Reloadly refuses this kiosk: check client_id and client_secret.")
        return reply.odd("with an error that proves nothing")
    means, words = MEANINGS[code]
    said = f"{words} (code {code})."
    begun = reply.status >= 500 and code != INACTIVE  # that one alone is raised before anything is tried: measured
    match Means.DOUBT if begun or reply.status < 400 else means:
        case Means.NO:
            return Refused(f"Reloadly refuses: {said}")
        case Means.STRANGER:
            return Refused(f"Reloadly refuses: {said}", code="unknown_sim")
        case Means.LATER:
            wait = WAIT_S.get(code) if reply.retry_after_s is None else reply.retry_after_s
            return NotNow(f"Reloadly cannot do it for now: {said}", retry_after_s=wait)
        case Means.OURS:
            return Misconfigured(f"Reloadly refuses this kiosk: {said}")
    return Unreachable(f"Reloadly gave no result: {said}", sent=True)

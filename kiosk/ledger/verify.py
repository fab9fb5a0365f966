"""Is the ledger what its events say? Reads everything, changes nothing, and says what is wrong in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec

from kiosk.errors import BadHead, Illegal
from kiosk.facts import Event, Fact
from kiosk.identifiers import grouped_reference
from kiosk.ledger.chain import GENESIS, LINKED, Head, link, parse_head
from kiosk.ledger.gaps import Gap, gap_of, gaps
from kiosk.ledger.roster import pin_seal
from kiosk.ledger.rows import attempt_row, instant, row_of
from kiosk.ledger.store import Ledger
from kiosk.ledger.verify_till import TillSaid, compare_till
from kiosk.order import Order, State, advance, open_order


def problems(ledger: Ledger, head: str = "") -> Iterator[str]:
    """Every contradiction found. `head` is `SEQ:HASH` from a receipt or closing: it finds a cut tail."""
    with ledger.database.snapshot():  # the kiosk may be selling meanwhile
        found = list(_problems(ledger, head))
    yield from found


@dataclass(slots=True)
class Said:
    """What the events say: orders as they came to be, findings, clerks, settings, the till, and who is where."""

    orders: dict[str, Order] = field(default_factory=dict)
    findings: dict[int, dict[str, Any]] = field(default_factory=dict)
    clerks: dict[str, dict[str, Any]] = field(default_factory=dict)
    till: TillSaid = field(default_factory=TillSaid)
    settings: dict[str, dict[str, Any]] = field(default_factory=dict)
    terminals: dict[str, tuple[str, str]] = field(default_factory=dict)
    inquiries: dict[int, dict[str, Any]] = field(default_factory=dict)
    raised: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)


def _problems(ledger: Ledger, head: str) -> Iterator[str]:
    hashes: dict[int, str] = {}
    said, last = Said(), Head(0, GENESIS)
    for row in ledger.database.rows("SELECT * FROM events ORDER BY seq"):
        if row["seq"] != last.seq + 1 and not _declares_the_gap(row, last):
            yield f"Event {last.seq + 1} is missing: the next one on record is {row['seq']}."
            return
        if row["prev"] != last.hash or row["hash"] != link(last.hash, *(row[column] for column in LINKED)):
            yield f"Event {row['seq']} ({row['event']}, {row['at']}) is not what was recorded: its hash does not match."
            return
        last = Head(row["seq"], row["hash"])
        hashes[last.seq] = last.hash
        yield from _replay(row, said)
    yield from _compare_orders(ledger, said.orders)
    yield from _compare_findings(ledger, said.findings)
    yield from _compare_clerks(ledger, said.clerks)
    yield from compare_till(ledger, said.till)
    yield from _compare_settings(ledger, said.settings)
    yield from _compare_terminals(ledger, said.terminals)
    yield from _compare_inquiries(ledger, said.inquiries)
    yield from _compare_raised(ledger, said.raised)
    if head:
        yield from _compare_head(hashes, head, gaps(ledger))


def _declares_the_gap(row: dict[str, Any], before: Head) -> bool:
    """Whether it is the event of a restore that says itself what is missing before it."""
    gap = gap_of(row)
    return gap is not None and (gap.backup, gap.newest.seq) == (str(before), row["seq"] - 1)


def _replay(row: dict[str, Any], said: Said) -> Iterator[str]:
    reference, at, orders = row["order_id"], instant(row["at"]), said.orders
    try:
        if reference is None:
            body = msgspec.json.decode(row["body"])
            yield from said.till.replay(row, body)
            _replay_desk(row, body, said)
        elif row["event"] == Event.OPENED:
            orders[reference] = open_order(_opened(msgspec.json.decode(row["body"])["order"]))
        else:
            orders[reference] = advance(orders[reference], msgspec.json.decode(row["body"], type=Fact), at)
            said.till.money(orders[reference], row)
    except (KeyError, Illegal, msgspec.MsgspecError) as error:
        yield f"Event {row['seq']} cannot have happened: {error}"


def _opened(said: dict[str, Any]) -> Order:
    """The order as it was opened. The first ledgers knew SIMs by nothing but their card number, and called it so."""
    if "iccid" in said:
        said["sim_number"] = said.pop("iccid")
    return msgspec.convert(said, Order)


def _replay_desk(row: dict[str, Any], body: dict[str, Any], said: Said) -> None:
    match row["event"]:
        case "finding_opened":
            undecided = {"decided_at": None, "decided_by": "", "decision": ""}
            opened = {"opened_at": row["at"], "order_id": body.pop("order")}
            said.findings[body["id"]] = body | opened | undecided
        case "finding_decided":
            decided = {"decided_at": row["at"], "decided_by": row["by"], "decision": body["decision"]}
            said.findings[body["id"]] |= decided
        case "clerk_added":
            said.clerks[body["name"]] = body | {"added_at": row["at"], "disabled_at": None}
        case "clerk_disabled":
            said.clerks[body["name"]] |= {"disabled_at": row["at"]}
        case "setting_changed":
            changed = {"value": body["to"], "changed_at": row["at"], "changed_by": row["by"]}
            said.settings[body["key"]] = {"key": body["key"]} | changed
        case "clerk_role":
            said.clerks[body["name"]] |= {"role": body["role"]}
        case "clerk_pin":
            said.clerks[body["name"]] |= {"pin": body["pin"]}
        case "signed_in":
            said.terminals[body["terminal"]] = (row["by"], row["at"])
        case "signed_out" | "locked":
            if said.terminals.get(body["terminal"]) == (row["by"], body["since"]):
                del said.terminals[body["terminal"]]
        case "raised":
            said.raised[body["what"], body["deadline_at"]] = body | {"at": row["at"], "by": row["by"]}
        case "sides_asked":
            asked = {"id": body["id"], "order_id": body["order"], "by": row["by"], "asked_at": row["at"]}
            said.inquiries[body["id"]] = asked | _answered("payment") | _answered("delivery")
        case "side_answered":
            answered = _answered(body["side"], body["words"], body["proves"], row["at"])
            said.inquiries[body["id"]] |= answered


def _answered(side: str, words: str | None = None, proves: str | None = None, at: str | None = None) -> dict[str, Any]:
    return {side: words, f"{side}_proves": proves, f"{side}_at": at}


def _compare_orders(ledger: Ledger, orders: dict[str, Order]) -> Iterator[str]:
    rows = {row["reference"]: row for row in ledger.database.rows("SELECT * FROM orders")}
    for reference in orders.keys() - rows.keys():
        yield f"Order {grouped_reference(reference)} has events, but no row."
    for reference in rows.keys() - orders.keys():
        yield f"Order {grouped_reference(reference)} has a row, but no events."
    for reference, order in orders.items():
        if row := rows.get(reference):
            yield from _compare_order(order, row, ledger.attempts(reference))


def _compare_order(order: Order, row: dict[str, Any], attempts: list[dict[str, Any]]) -> Iterator[str]:
    name = grouped_reference(order.reference)
    for column, value in row_of(order).items():
        if row[column] != value:
            yield f"Order {name}: {column} is {row[column]!r}, and its events say {value!r}."
    if attempts != [attempt_row(order.reference, attempt) for attempt in order.attempts]:
        yield f"Order {name}: its attempts are not what its events say."
    if order.state is State.REVIEW and row["due_at"] != row["deadline_at"]:
        yield f"Order {name} is in review, and its deadline is not on the clerks' list."
    if order.state is State.COMPLETED and not (order.paid and order.delivered_at):
        yield f"Order {name} is completed without a payment or a delivery."
    if order.state is State.REFUNDED and not (order.paid and order.refunded_at):
        yield f"Order {name} is refunded without a payment or a refund."


def _compare_findings(ledger: Ledger, findings: dict[int, dict[str, Any]]) -> Iterator[str]:
    rows = {row["id"]: row for row in ledger.database.rows("SELECT * FROM findings")}
    different = [id for id in sorted(rows.keys() | findings.keys()) if rows.get(id) != findings.get(id)]
    if different:
        yield f"The findings are not what the events say: {', '.join(f'F{id}' for id in different)}."


def _compare_clerks(ledger: Ledger, clerks: dict[str, dict[str, Any]]) -> Iterator[str]:
    on_disk: dict[str, dict[str, Any]] = {}
    for row in map(dict, ledger.database.rows("SELECT * FROM clerks")):
        seal = {"pin": pin_seal(row.pop("pin_hash"))}
        sealed = "pin" in clerks.get(row["name"], seal)  # the first ledgers kept no seal
        on_disk[row["name"]] = row | seal if sealed else row
    for name in sorted(on_disk.keys() | clerks.keys()):
        if on_disk.get(name) != clerks.get(name):
            yield f"The clerk {name} is not what the events say: added, changed or removed behind the ledger's back."


def _compare_settings(ledger: Ledger, settings: dict[str, dict[str, Any]]) -> Iterator[str]:
    on_disk = {row["key"]: row for row in ledger.database.rows("SELECT * FROM settings")}
    for row in on_disk.values():
        row["value"] = None if row["value"] is None else msgspec.json.decode(row["value"])
    for key in sorted(on_disk.keys() | settings.keys()):
        if on_disk.get(key) != settings.get(key):
            yield f"The setting {key} is not what the events say: changed or removed behind the ledger's back."


def _compare_terminals(ledger: Ledger, terminals: dict[str, tuple[str, str]]) -> Iterator[str]:
    rows = ledger.database.rows("SELECT * FROM terminals")
    on_disk = {row["terminal"]: (f"clerk:{row['clerk']}", row["since_at"]) for row in rows}
    for name in sorted(on_disk.keys() | terminals.keys()):
        if on_disk.get(name) != terminals.get(name):
            yield f"Who is signed in at {name} is not what the events say: changed behind the ledger's back."


def _compare_inquiries(ledger: Ledger, inquiries: dict[int, dict[str, Any]]) -> Iterator[str]:
    on_disk = {row["id"]: dict(row) for row in ledger.database.rows("SELECT * FROM inquiries")}
    for row in on_disk.values():
        del row["taken_at"]
    for id in sorted(on_disk.keys() | inquiries.keys()):
        if on_disk.get(id) != inquiries.get(id):
            yield f"What the sides said when they were asked (number {id}) is not what the events say."


def _compare_raised(ledger: Ledger, raised: dict[tuple[str, str], dict[str, Any]]) -> Iterator[str]:
    on_disk = {(row["what"], row["deadline_at"]): dict(row) for row in ledger.database.rows("SELECT * FROM raised")}
    for key in sorted(on_disk.keys() | raised.keys()):
        if on_disk.get(key) != raised.get(key):
            yield f"Whether {key[0]} was raised to the supervisor is not what the events say."


def _compare_head(hashes: dict[int, str], head: str, known: list[Gap]) -> Iterator[str]:
    try:
        paper = parse_head(head)
    except BadHead as error:
        yield str(error)
        return
    if gap := next((gap for gap in known if paper.seq in gap.lost), None):
        if paper.seq != gap.newest.seq:
            at = f"{gap.at:%Y-%m-%d %H:%M}"
            yield f"Event {paper.seq} was lost when the ledger was restored at {at} UTC: it cannot be checked."
        elif not _same(gap.newest.hash, paper.hash):
            yield f"Event {paper.seq} is another one than on the paper that was given when the ledger was restored."
    elif paper.seq not in hashes:
        ends_at = max(hashes, default=0)
        yield f"The paper says event {paper.seq}, and the ledger ends at {ends_at}: its tail was cut off."
    elif not _same(hashes[paper.seq], paper.hash):
        yield f"Event {paper.seq} is another one than on the paper: the ledger was written anew."


def _same(one: str, other: str) -> bool:
    """Whether two hashes agree as far as both are printed."""
    return one.startswith(other) or other.startswith(one)

"""The tables, as numbered migrations. Each runs once; all that are missing, and their record, in one transaction.

A migration never `transform()`s a table that has triggers: SQLite would drop them silently.
"""

from __future__ import annotations

from kiosk.ledger.schema_counter import COUNTER_MIGRATIONS
from kiosk.ledger.schema_messages import MESSAGES
from kiosk.order import SETTLED, WAITING, State


def _quoted(states: tuple[State, ...]) -> str:
    return ", ".join(f"'{state}'" for state in states)


STATE_IS_WAITING = f"state IN ({_quoted(WAITING)})"
"""As it stands in the queue's index: a query that says it in the same words reads no settled order."""

EVENTS = """
CREATE TABLE events (
  seq   INTEGER PRIMARY KEY,
  at    TEXT NOT NULL,
  order_id TEXT,                        -- NULL for the ledger's own events: genesis, settings, findings
  event TEXT NOT NULL,
  by    TEXT NOT NULL,
  body  TEXT NOT NULL CHECK (json_valid(body)),
  prev  TEXT NOT NULL,
  hash  TEXT NOT NULL
) STRICT;
CREATE INDEX events_of_order ON events (order_id, seq) WHERE order_id IS NOT NULL;
CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
BEGIN SELECT raise(ABORT, 'events are append-only'); END;
CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events
BEGIN SELECT raise(ABORT, 'events are append-only'); END;
CREATE TRIGGER events_are_never_replaced BEFORE INSERT ON events
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM events)
BEGIN SELECT raise(ABORT, 'events are append-only and without gaps'); END;
"""

ORDERS = f"""
CREATE TABLE orders (
  reference TEXT PRIMARY KEY,
  state     TEXT NOT NULL CHECK (state IN ({_quoted(tuple(State))})),
  version   INTEGER NOT NULL,
  iccid     TEXT NOT NULL,
  iccid_last6 TEXT GENERATED ALWAYS AS (substr(iccid, -6)) VIRTUAL,
  provider  TEXT NOT NULL,
  tender    TEXT NOT NULL,
  language  TEXT NOT NULL,
  plan_id TEXT NOT NULL, plan_title TEXT NOT NULL, plan_data_mb INTEGER, plan_days INTEGER NOT NULL,
  wholesale_minor INTEGER NOT NULL, wholesale_currency TEXT NOT NULL,
  lines     TEXT NOT NULL CHECK (json_valid(lines)),
  total_minor INTEGER NOT NULL CHECK (total_minor > 0), currency TEXT NOT NULL,
  captures_later INTEGER NOT NULL CHECK (captures_later IN (0, 1)),
  opened_at TEXT NOT NULL, expires_at TEXT NOT NULL, since_at TEXT NOT NULL,
  code      TEXT NOT NULL,
  paid_minor INTEGER, paid_currency TEXT, paid_at TEXT, payment_number TEXT NOT NULL,
  capture_before TEXT,
  delivered_at TEXT, delivery_number TEXT NOT NULL,
  captured_at TEXT, capture_refused INTEGER NOT NULL CHECK (capture_refused IN (0, 1)),
  refunded_at TEXT,
  unpaid_proven INTEGER NOT NULL CHECK (unpaid_proven IN (0, 1)),
  doubt_checked INTEGER NOT NULL CHECK (doubt_checked IN (0, 1)),
  reason TEXT NOT NULL, deadline_at TEXT,
  shift TEXT NOT NULL, tendered_minor INTEGER, change_minor INTEGER,
  due_at TEXT, tries INTEGER NOT NULL DEFAULT 0,
  CHECK (state NOT IN ({_quoted(WAITING)}) OR due_at IS NOT NULL),
  CHECK (state NOT IN ({_quoted(SETTLED)}) OR due_at IS NULL),
  CHECK (state <> 'REVIEW' OR (reason <> '' AND deadline_at IS NOT NULL))
) STRICT;
CREATE INDEX orders_due ON orders (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX orders_iccid ON orders (iccid);
CREATE INDEX orders_iccid_last6 ON orders (iccid_last6);
CREATE INDEX orders_opened ON orders (opened_at);
CREATE TABLE attempts (
  order_id TEXT NOT NULL REFERENCES orders (reference),
  number   INTEGER NOT NULL,
  call     TEXT NOT NULL,
  reference TEXT NOT NULL,
  sent_at  TEXT NOT NULL,
  outcome  TEXT, answered_at TEXT, answer TEXT NOT NULL,
  PRIMARY KEY (order_id, number)
) STRICT;
"""

COUNTER = """
CREATE TABLE findings (
  id INTEGER PRIMARY KEY,
  opened_at TEXT NOT NULL, kind TEXT NOT NULL, order_id TEXT REFERENCES orders (reference),
  reason TEXT NOT NULL CHECK (reason <> ''), deadline_at TEXT NOT NULL,
  decided_at TEXT, decided_by TEXT NOT NULL DEFAULT '', decision TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX findings_open ON findings (deadline_at) WHERE decided_at IS NULL;
CREATE TABLE print_jobs (
  id INTEGER PRIMARY KEY,
  order_id TEXT NOT NULL REFERENCES orders (reference),
  kind TEXT NOT NULL,
  copy INTEGER NOT NULL DEFAULT 0 CHECK (copy >= 0),
  status TEXT NOT NULL CHECK (status IN ('queued', 'printing', 'printed', 'sent', 'failed', 'unknown')),
  reason TEXT NOT NULL DEFAULT '', by TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL, changed_at TEXT NOT NULL,
  UNIQUE (order_id, kind, copy)
) STRICT;
CREATE TABLE clerks (
  name TEXT PRIMARY KEY, pin_hash TEXT NOT NULL, role TEXT NOT NULL, added_at TEXT NOT NULL, disabled_at TEXT
) STRICT;
CREATE TABLE shifts (id TEXT PRIMARY KEY, opened_at TEXT NOT NULL, opened_by TEXT NOT NULL, closed_at TEXT) STRICT;
"""

SEATS = """
CREATE TABLE seats (
  seat TEXT PRIMARY KEY,
  pid  INTEGER NOT NULL,
  step TEXT NOT NULL, language TEXT NOT NULL,
  taken_at TEXT NOT NULL, heartbeat_at TEXT NOT NULL
) STRICT;
"""

WATCHED = """
ALTER TABLE orders ADD COLUMN watch_at TEXT;
CREATE INDEX orders_watched ON orders (watch_at) WHERE watch_at IS NOT NULL;
"""

INDEXES = f"""
DROP INDEX orders_due;
CREATE INDEX orders_waiting ON orders (due_at, opened_at) WHERE {STATE_IS_WAITING};
CREATE INDEX orders_open ON orders (opened_at) WHERE due_at IS NOT NULL;
CREATE INDEX attempts_unanswered ON attempts (order_id) WHERE outcome IS NULL;
"""

SINCE_ATTEMPT = """
ALTER TABLE orders ADD COLUMN since_attempt INTEGER NOT NULL DEFAULT 0;
UPDATE orders SET since_attempt =
  (SELECT count(*) FROM attempts WHERE order_id = orders.reference AND sent_at < orders.since_at);
"""

TROUBLES = """
CREATE TABLE troubles (
  remote  TEXT NOT NULL,
  trouble TEXT NOT NULL CHECK (trouble IN ('away', 'clock')),
  since   TEXT NOT NULL, seen_at TEXT NOT NULL,
  PRIMARY KEY (remote, trouble)
) STRICT;
"""

RESTORED = """
DROP TRIGGER events_are_never_replaced;
CREATE TRIGGER events_are_never_replaced BEFORE INSERT ON events
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM events)
 AND NOT (NEW.event = 'restored' AND NEW.order_id IS NULL AND NEW.seq > (SELECT max(seq) FROM events))
BEGIN SELECT raise(ABORT, 'events are append-only and without gaps'); END;
CREATE INDEX events_of_restores ON events (seq) WHERE event IN ('restored', 'reopened');
"""

FLOATS = """
CREATE TABLE floats (
  provider TEXT PRIMARY KEY,
  left_minor INTEGER NOT NULL, currency TEXT NOT NULL, at TEXT NOT NULL,
  low INTEGER NOT NULL CHECK (low IN (0, 1))
) STRICT;
"""

SIM_CHECKED = """
ALTER TABLE orders ADD COLUMN sim_checked INTEGER NOT NULL DEFAULT 0 CHECK (sim_checked IN (0, 1));
"""

PAID = """
CREATE INDEX orders_paid ON orders (provider, paid_at) WHERE paid_at IS NOT NULL;
"""

PROMOTIONS = """
CREATE TABLE promotions (
  provider TEXT PRIMARY KEY,
  at TEXT NOT NULL, told TEXT NOT NULL CHECK (json_valid(told))
) STRICT;
"""

SIM_NUMBER = """
DROP INDEX orders_iccid;
DROP INDEX orders_iccid_last6;
ALTER TABLE orders RENAME COLUMN iccid TO sim_number;
ALTER TABLE orders RENAME COLUMN iccid_last6 TO sim_last6;
CREATE INDEX orders_sim_number ON orders (sim_number);
CREATE INDEX orders_sim_last6 ON orders (sim_last6);
"""

NETWORK = """
ALTER TABLE orders ADD COLUMN network TEXT NOT NULL DEFAULT '';
"""

CATALOGUE = """
CREATE TABLE catalogue (
  provider TEXT NOT NULL, kind TEXT NOT NULL,
  at TEXT NOT NULL, plans TEXT NOT NULL CHECK (json_valid(plans)),
  PRIMARY KEY (provider, kind)
) STRICT;
"""

CARD = """
ALTER TABLE orders ADD COLUMN card TEXT NOT NULL DEFAULT '';
"""

COVERAGE = """
ALTER TABLE orders ADD COLUMN plan_coverage TEXT NOT NULL DEFAULT '[]';
"""

READERS = """
DROP TABLE troubles;
CREATE TABLE troubles (
  remote  TEXT NOT NULL, trouble TEXT NOT NULL CHECK (trouble IN ('away', 'clock', 'reader')),
  since   TEXT NOT NULL, seen_at TEXT NOT NULL,
  PRIMARY KEY (remote, trouble)
) STRICT;
"""

PAPERS = """
CREATE INDEX print_jobs_open ON print_jobs (status, changed_at) WHERE status IN ('printing', 'failed', 'unknown');
"""

STAFF_CALLED = """
ALTER TABLE seats ADD COLUMN called_at TEXT;
ALTER TABLE seats ADD COLUMN coming TEXT NOT NULL DEFAULT '';
"""

MIGRATIONS: tuple[tuple[str, str], ...] = (
    ("events: the chain that everything else follows from", EVENTS),
    ("orders and their attempts", ORDERS),
    ("what the counter needs", COUNTER),
    ("seats: which screen stands where", SEATS),
    ("settled orders are looked at again", WATCHED),
    ("what waits is found among a million that do not", INDEXES),
    ("the bound of attempts is counted in attempts, not by clocks", SINCE_ATTEMPT),
    ("which remotes are away, for the screens", TROUBLES),
    ("a restored ledger goes on after the newest paper", RESTORED),
    ("what is left of our credit with each provider", FLOATS),
    ("what a SIM shows is asked once", SIM_CHECKED),
    ("how long top-ups take at this hour", PAID),
    ("what each provider gives on top", PROMOTIONS),
    ("a SIM is known by its card number or its phone number", SIM_NUMBER),
    ("which mobile network a SIM is of", NETWORK),
    ("the last known plans of each kind of SIM", CATALOGUE),
    ("the bank card that paid, as receipts show it", CARD),
    ("where a plan works, as its provider named it", COVERAGE),
    ("a card reader may be off", READERS),
    ("which papers did not come out is found at once", PAPERS),
    ("messages to customers, and where to", MESSAGES),
    ("a customer calls staff to a seat", STAFF_CALLED),
    *COUNTER_MIGRATIONS,
)

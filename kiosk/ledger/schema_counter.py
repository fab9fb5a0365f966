"""What the clerk's console needs, as the last of schema.py's migrations: a new one stands at the end."""

from __future__ import annotations

from kiosk.ledger.schema_reviews import HEARD, INQUIRIES, RAISED, STEP_AT
from kiosk.ledger.schema_views import REPORTS

COUNTER_SCREENS = """
CREATE TABLE pin_tries (
  clerk TEXT NOT NULL, terminal TEXT NOT NULL,
  wrong INTEGER NOT NULL CHECK (wrong > 0), last_at TEXT NOT NULL,
  PRIMARY KEY (clerk, terminal)) STRICT;
CREATE INDEX orders_payment_number ON orders (payment_number) WHERE payment_number <> '';
CREATE INDEX orders_delivery_number ON orders (delivery_number) WHERE delivery_number <> '';
CREATE INDEX orders_total ON orders (total_minor, opened_at);
CREATE INDEX orders_refunded ON orders (refunded_at) WHERE refunded_at IS NOT NULL;
DROP INDEX print_jobs_open;  -- its IN (…) is none of a query's, so no query could use it
CREATE INDEX print_jobs_printing ON print_jobs (changed_at) WHERE status = 'printing';
CREATE INDEX print_jobs_missing ON print_jobs (changed_at) WHERE status IN ('failed', 'unknown');
CREATE INDEX messages_failed ON messages (id) WHERE status = 'failed';
CREATE INDEX contacts_address ON contacts (address COLLATE NOCASE);
"""

SHIFTS = """
ALTER TABLE shifts ADD COLUMN till_float_minor INTEGER;
ALTER TABLE shifts ADD COLUMN currency TEXT;
ALTER TABLE shifts ADD COLUMN closed_by TEXT NOT NULL DEFAULT '';
ALTER TABLE shifts ADD COLUMN z INTEGER;
ALTER TABLE shifts ADD COLUMN closed_seq INTEGER REFERENCES events (seq);
CREATE UNIQUE INDEX shifts_z ON shifts (z) WHERE z IS NOT NULL;
CREATE UNIQUE INDEX shifts_open ON shifts (closed_at IS NULL) WHERE closed_at IS NULL;
CREATE TABLE till_moves (
  seq INTEGER PRIMARY KEY REFERENCES events (seq),
  at TEXT NOT NULL, shift TEXT NOT NULL REFERENCES shifts (id),
  way TEXT NOT NULL CHECK (way IN ('in', 'out', 'counted')),
  amount_minor INTEGER NOT NULL CHECK (amount_minor >= 0), currency TEXT NOT NULL,
  reason TEXT NOT NULL, by TEXT NOT NULL
) STRICT;
CREATE TABLE print_jobs_of_all (
  id INTEGER PRIMARY KEY,
  order_id TEXT REFERENCES orders (reference),
  z INTEGER,
  kind TEXT NOT NULL,
  copy INTEGER NOT NULL DEFAULT 0 CHECK (copy >= 0),
  status TEXT NOT NULL CHECK (status IN ('queued', 'printing', 'printed', 'sent', 'failed', 'unknown')),
  reason TEXT NOT NULL DEFAULT '', by TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL, changed_at TEXT NOT NULL,
  UNIQUE (order_id, kind, copy), UNIQUE (z, kind, copy),
  CHECK ((order_id IS NULL) <> (z IS NULL))
) STRICT;
INSERT INTO print_jobs_of_all SELECT
  id, order_id, NULL, kind, copy, status, reason, by, created_at, changed_at FROM print_jobs;
DROP TABLE print_jobs;
ALTER TABLE print_jobs_of_all RENAME TO print_jobs;
CREATE INDEX print_jobs_printing ON print_jobs (changed_at) WHERE status = 'printing';
CREATE INDEX print_jobs_missing ON print_jobs (changed_at) WHERE status IN ('failed', 'unknown');
"""

SETTINGS = """
CREATE TABLE settings (
  key TEXT PRIMARY KEY,
  value TEXT CHECK (value IS NULL OR json_valid(value)),  -- NULL: as configured, again
  changed_at TEXT NOT NULL, changed_by TEXT NOT NULL) STRICT;
"""

OF_PEOPLE = "(order_id IS NULL OR (by >= 'clerk:' AND by < 'clerk;'))"
"""The events by which somebody acted or came in, as it stands in their index: a query says it in the same words."""

ACCESS = f"""
CREATE TABLE terminals (
  terminal TEXT PRIMARY KEY, clerk TEXT NOT NULL, since_at TEXT NOT NULL, heartbeat_at TEXT NOT NULL) STRICT;
CREATE INDEX events_of_people ON events (seq) WHERE {OF_PEOPLE};
CREATE INDEX events_of_configurations ON events (seq) WHERE event = 'configuration_changed';
"""

COUNTER_MIGRATIONS: tuple[tuple[str, str], ...] = (
    ("the counter: wrong PINs are counted, and what a clerk looks for is found at once", COUNTER_SCREENS),
    ("shifts are closed, with what went in and out of the till, and closings are printed", SHIFTS),
    ("reports: views with plain names, and what they are read by", REPORTS),
    ("settings that change daily, and stand above the configuration until they are set back", SETTINGS),
    ("who is signed in where, and who did what is found among millions", ACCESS),
    ("what each side says, where a clerk has it asked", INQUIRIES),
    ("what was not decided in time is raised, and a clerk finds all of it", RAISED),
    ("when each remote last answered, for the board", HEARD),
    ("since when a customer is at a step", STEP_AT),
)

"""What the clerk's console needs, as the last of schema.py's migrations: a new one stands at the end."""

from __future__ import annotations

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

COUNTER_MIGRATIONS: tuple[tuple[str, str], ...] = (
    ("the counter: wrong PINs are counted, and what a clerk looks for is found at once", COUNTER_SCREENS),
)

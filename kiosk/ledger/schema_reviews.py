"""What the counter needs to decide: what each side says when it is asked, what was raised, when a remote last spoke."""

from __future__ import annotations

INQUIRIES = """
CREATE TABLE inquiries (
  id INTEGER PRIMARY KEY,
  order_id TEXT NOT NULL REFERENCES orders (reference),
  by TEXT NOT NULL, asked_at TEXT NOT NULL,
  taken_at TEXT,                        -- by the queue's holder; jotted down, and no part of the chain
  payment TEXT, payment_proves TEXT, payment_at TEXT,
  delivery TEXT, delivery_proves TEXT, delivery_at TEXT
) STRICT;
CREATE UNIQUE INDEX inquiries_open ON inquiries (order_id) WHERE payment_at IS NULL OR delivery_at IS NULL;
CREATE INDEX inquiries_of_order ON inquiries (order_id, id);
"""

RAISED = """
CREATE TABLE raised (
  what TEXT NOT NULL,                   -- an order's reference, or a finding's name
  deadline_at TEXT NOT NULL, at TEXT NOT NULL, by TEXT NOT NULL,
  PRIMARY KEY (what, deadline_at)
) STRICT;
CREATE INDEX orders_in_review ON orders (deadline_at) WHERE state = 'REVIEW';
"""

HEARD = """
CREATE TABLE heard (remote TEXT PRIMARY KEY, answered_at TEXT, silent_at TEXT) STRICT;
"""

STEP_AT = """
ALTER TABLE seats ADD COLUMN step_at TEXT;
"""

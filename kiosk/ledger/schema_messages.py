"""The tables of messages, which one of schema.py's migrations makes."""

MESSAGES = """
CREATE TABLE contacts (
  order_id TEXT PRIMARY KEY REFERENCES orders (reference), channel TEXT NOT NULL CHECK (channel IN ('email', 'sms')),
  address TEXT NOT NULL, language TEXT NOT NULL, at TEXT NOT NULL) STRICT;
CREATE TABLE messages (
  id INTEGER PRIMARY KEY, order_id TEXT NOT NULL REFERENCES orders (reference),
  kind TEXT NOT NULL CHECK (kind IN ('waiting', 'delivered', 'refunded')), copy INTEGER NOT NULL, channel TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('queued', 'sending', 'accepted', 'arrived', 'failed', 'dropped')),
  tries INTEGER NOT NULL DEFAULT 0, doubts INTEGER NOT NULL DEFAULT 0, due_at TEXT,
  number TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT '', created_at TEXT NOT NULL, changed_at TEXT NOT NULL,
  UNIQUE (order_id, kind, copy), CHECK (status NOT IN ('queued', 'sending') OR due_at IS NOT NULL)) STRICT;
CREATE INDEX messages_due ON messages (due_at) WHERE due_at IS NOT NULL;
"""

"""The parts of a step, by name: where the program can be killed between one thing that it does and the next."""

from __future__ import annotations

STEP = {
    "an order is claimed, nothing is written": "kiosk.sync:Queue.prepare before",
    "prepared": "kiosk.sync:Queue.prepare after",
    "written down, before the call": "kiosk.sync:Queue.perform before",
    "connected to nobody yet": "kiosk.remote:Remote._exchange before",
    "request sent, answer not read": "httpcore._sync.http11:HTTP11Connection._receive_response_headers before",
    "answer's head read": "httpcore._sync.http11:HTTP11Connection._receive_response_headers after",
    "answer read, not understood": "kiosk.remote:Remote._exchange after",
    "answered, before it is concluded": "kiosk.sync:Queue.conclude before",
    "put off": "kiosk.ledger.store:Ledger.schedule before",
    "concluded": "kiosk.sync:Queue.conclude after",
    "released": "kiosk.claims:Claims.release after",
}
QUEUE = STEP | {
    "the lock is taken": "kiosk.holder:QueueLock.__init__ after",
    "what was in flight is due again": "kiosk.claims:Claims.look_anew after",
}
LEDGER = {
    "about to record": "kiosk.ledger.store:Ledger.record before",
    "between facts": "kiosk.ledger.store:Ledger.append after",
    "events written, order not": "kiosk.ledger.store:Ledger._save before",
    "order written, not committed": "kiosk.ledger.store:Ledger._save after",
    "committed": "kiosk.ledger.store:Ledger.record after",
}
CLERK = {
    "cash in hand, not on record": "kiosk.sale:take_cash before",
    "shift opened, cash not on record": "kiosk.ledger.desk:shift_of after",
    "cash on record": "kiosk.sale:take_cash after",
}
SALE = {
    "sale opened": "kiosk.sale:open_sale after",
    "receipt claimed, not printed": "kiosk.ledger.jobs:claim_job after",
    "receipt printed, not on record": "kiosk.ledger.jobs:finish_job before",
}

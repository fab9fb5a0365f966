"""Prints an order's receipt, at most once by itself, and again when somebody asks; and the papers of closings.

A printer that fails never fails a sale: that is written down.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import timedelta

from msgspec import structs

from kiosk.bilingual import bilingual
from kiosk.config import Config
from kiosk.coverage import coverage_of
from kiosk.errors import DeviceError
from kiosk.ledger import Ledger
from kiosk.ledger.jobs import Job, JobStatus, claim_again, claim_job, finish_job, mark_cut_jobs, missing_papers
from kiosk.order import Order, State
from kiosk.ports import Clock, Printer
from kiosk.receipt import Document, ReceiptShop, Title, receipt
from kiosk.sale import lines_in
from kiosk.settlement import deliver_by
from kiosk.texts import SOURCE, texts

CUT_AFTER = timedelta(seconds=30)
"""Beyond waiting for the printer and printing, each at most printer.timeout_s."""
SEEN_FOR = timedelta(days=1)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Printed:
    """What became of the paper, and what stands on it. `status` None: somebody else printed it."""

    document: Document
    status: JobStatus | None
    reason: str = ""


def shop_of(config: Config, language: str) -> ReceiptShop:
    """The receipt's head and small print, from the configuration."""
    shop, own = config.file.kiosk, config.file.receipt
    return ReceiptShop(
        shop.name,
        tuple(shop.address),
        config.kiosk_id,
        shop.help_line,
        config.training,
        shop.refund_policy.get(language) or shop.refund_policy.get("en", ""),
        tuple(own.header.get(language) or own.header.get("en", [])),
        tuple(own.footer.get(language) or own.footer.get("en", [])),
        own.logo,
    )


def document_of(ledger: Ledger, config: Config, order: Order, clock: Clock, language: str = "") -> Document:
    """The receipt as it stands now, in the order's language or another. What waits for the line says until when."""
    language = language or order.language
    return _document(ledger, config, order, clock, language, *_owners(config, order, language))


def _owners(config: Config, order: Order, language: str) -> tuple[ReceiptShop, str]:
    """Who sells, and where the plan works."""
    return shop_of(config, language), coverage_of(config, order.provider, order.plan, texts(language))


def _document(
    ledger: Ledger, config: Config, order: Order, clock: Clock, language: str, shop: ReceiptShop, coverage: str
) -> Document:
    if language != order.language:
        order = structs.replace(order, lines=lines_in(language, order, config))
    if order.state is State.SUBMITTING:
        order = structs.replace(order, deadline_at=deliver_by(order, config.file.sales))
    return receipt(order, shop, str(ledger.head()), texts(language), config.zone, clock.now(), coverage)


def paper_of(ledger: Ledger, config: Config, order: Order, clock: Clock, language: str = "") -> Document:
    """The receipt for paper: in small, what the clerk must understand of it."""
    language, clerk = language or order.language, config.file.receipt.clerk_language
    document = document_of(ledger, config, order, clock, language)
    if clerk == language:
        return document
    owners = _owners(config, order, language)  # of both papers: the owner's own words have no small ones
    return bilingual(document, _document(ledger, config, order, clock, clerk, *owners))


def print_receipt(
    ledger: Ledger, config: Config, printer: Printer | None, order: Order, clock: Clock, language: str = ""
) -> Printed:
    """Claim the job, print, and write down what became of it. Never raises for a printer's sake."""
    document = _readable(ledger, config, printer, order, clock, language or order.language)
    if printer is None:
        return Printed(document, JobStatus.FAILED, "no printer is configured")
    job = claim_job(ledger, order.reference, document.kind.value, by=printer.name, at=clock.now())
    if job is None:
        return Printed(document, None, "it was printed already")
    return _work(ledger, job, printer, document, clock)


def print_again(
    ledger: Ledger, config: Config, printer: Printer | None, order: Order, clock: Clock, language: str = ""
) -> Printed:
    """Print it because somebody asks for it, as it stands now. What may be the second paper is marked COPY."""
    document = _readable(ledger, config, printer, order, clock, language or order.language)
    if printer is None:
        return Printed(document, JobStatus.FAILED, "no printer is configured")
    job, second = claim_again(ledger, order.reference, document.kind.value, by=printer.name, at=clock.now())
    return _work(ledger, job, printer, _copy(document) if second else document, clock)


def print_closing(ledger: Ledger, printer: Printer | None, z: int, document: Document, clock: Clock) -> Printed:
    """The paper of a closing, whenever somebody asks. What may be the second one is marked COPY."""
    if printer is None:
        return Printed(document, JobStatus.FAILED, "no printer is configured")
    job, second = claim_again(ledger, z, document.kind.value, by=printer.name, at=clock.now())
    return _work(ledger, job, printer, _copy(document) if second else document, clock)


def print_reading(printer: Printer | None, document: Document) -> Printed:
    """A paper that nobody keeps a record of: it may come out as often as somebody asks."""
    if printer is None:
        return Printed(document, JobStatus.FAILED, "no printer is configured")
    return Printed(document, *_print(printer, document))


def _copy(document: Document) -> Document:
    return replace(document, blocks=(Title(texts(document.language).say("COPY")), *document.blocks))


def see_to_cut_jobs(ledger: Ledger, config: Config, clock: Clock) -> None:
    """A job that prints for longer than any can was cut by the power or with its process: nobody knows of its paper."""
    now = clock.now()
    mark_cut_jobs(ledger, now - 2 * timedelta(seconds=config.file.printer.timeout_s) - CUT_AFTER, at=now)


def papers_to_see_to(ledger: Ledger, config: Config, clock: Clock) -> list[Job]:
    """What did not come out lately, or nobody knows: the customer may still come back for it."""
    see_to_cut_jobs(ledger, config, clock)
    return missing_papers(ledger, clock.now() - SEEN_FOR)


def _readable(
    ledger: Ledger, config: Config, printer: Printer | None, order: Order, clock: Clock, language: str
) -> Document:
    """The receipt in this language; in English where the printer has no letters for it, nor a font to draw them."""
    document = paper_of(ledger, config, order, clock, language)
    if printer is None or language == SOURCE or printer.can_say(document):
        return document
    return paper_of(ledger, config, order, clock, SOURCE)


def _work(ledger: Ledger, job: int, printer: Printer, document: Document, clock: Clock) -> Printed:
    status, reason = _print(printer, document)
    finish_job(ledger, job, status, reason, at=clock.now())
    return Printed(document, status, reason)


def _print(printer: Printer, document: Document) -> tuple[JobStatus, str]:
    try:
        return (JobStatus.PRINTED if printer.print(document) else JobStatus.SENT), ""
    except DeviceError as error:
        return (JobStatus.UNKNOWN if error.sent else JobStatus.FAILED), str(error)
    except Exception as error:  # the seam to devices: a defect there must not fail a sale
        log.exception("%s failed", printer.name)
        return JobStatus.UNKNOWN, f"the printer's driver failed: {type(error).__name__}"

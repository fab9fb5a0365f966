"""Receipts on paper: at most one by itself, and a printer that fails never fails a sale."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from kiosk.config import check
from kiosk.errors import DeviceError
from kiosk.identifiers import Reference, grouped_reference
from kiosk.ledger.jobs import JobStatus
from kiosk.order import State
from kiosk.paper import Condition, PrinterState
from kiosk.plain import plain
from kiosk.printing import Printed, document_of, print_again, print_receipt
from kiosk.receipt import Document, Row, Title
from kiosk.simulation.shop import Shop

CONFIG = {"kiosk": {"id": "K07", "help_line": "+1 305 555 0142"}, "ledger": {"mode": "training"}}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path)
    yield made
    made.close()


@dataclass
class Paper:
    """A printer of a few lines: says yes, says nothing, or fails."""

    name: str = "the counter's printer"
    columns: int = 42
    speaks: tuple[str, ...] = ("en", "zh")
    confirms: bool = True
    error: Exception | None = None
    printed: list[Document] = field(default_factory=list)

    def can_say(self, document: Document) -> bool:
        return document.language in self.speaks

    def print(self, document: Document) -> bool:
        if self.error:
            raise self.error
        self.printed.append(document)
        return self.confirms

    def look(self) -> PrinterState:
        return PrinterState(Condition.READY)


def sold(shop: Shop) -> Reference:
    name = shop.sell()
    shop.now()
    assert shop.state(name) is State.COMPLETED
    return name


def hand_over(shop: Shop, name: Reference, paper: Paper | None, **printer: object) -> Printed:
    config = check(CONFIG | {"printer": printer}, "config.toml")
    return print_receipt(shop.ledger, config, paper, shop.order(name), shop.clock)


def statuses(shop: Shop) -> list[str]:
    return [row["status"] for row in shop.ledger.database.rows("SELECT status FROM print_jobs ORDER BY id")]


@pytest.mark.parametrize(("confirms", "status"), [(True, JobStatus.PRINTED), (False, JobStatus.SENT)])
def test_a_receipt_prints_at_most_once_by_itself(shop: Shop, confirms: bool, status: JobStatus) -> None:
    """Whoever asks second gets the document, and no paper comes out."""
    name, paper = sold(shop), Paper(confirms=confirms)
    first, second = hand_over(shop, name, paper), hand_over(shop, name, paper)

    assert (first.status, second.status) == (status, None)
    assert second.document.blocks
    assert len(paper.printed) == 1
    assert statuses(shop) == [status]


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (DeviceError("No paper: load a new roll.", sent=False), JobStatus.FAILED, "No paper: load a new roll."),
        (DeviceError("It went silent.", sent=True), JobStatus.UNKNOWN, "It went silent."),
        (ZeroDivisionError("secret"), JobStatus.UNKNOWN, "the printer's driver failed: ZeroDivisionError"),
    ],
)
def test_a_printer_that_fails_is_written_down_and_raises_nothing(
    shop: Shop, error: Exception, status: JobStatus, said: str
) -> None:
    """Whether paper may have come out decides the job's word; nothing prints a second time by itself."""
    name = sold(shop)
    printed = hand_over(shop, name, Paper(error=error))
    again = hand_over(shop, name, Paper())

    assert (printed.status, printed.reason) == (status, said)
    assert again.status is None
    assert statuses(shop) == [status]


def test_no_printer_leaves_the_job_for_one(shop: Shop) -> None:
    """The document is there for the screen; a printer that comes later still may print it."""
    name, paper = sold(shop), Paper()

    assert hand_over(shop, name, None).status is JobStatus.FAILED
    assert hand_over(shop, name, paper).status is JobStatus.PRINTED


def test_what_waits_for_the_line_says_until_when(shop: Shop) -> None:
    """Paid and not delivered: the paper carries the reference, the deadline, and no promise beyond."""
    shop.provider.faults += ["down"]
    name = shop.sell()
    shop.now()
    text = plain(hand_over(shop, name, Paper()).document, 42)

    assert grouped_reference(name) in text
    assert "If it is not settled by" in text
    assert "Delivered on" not in text


def test_two_papers_of_one_order_are_two_jobs(shop: Shop) -> None:
    """First the one that says "to follow", then the receipt of the delivery: each once."""
    shop.provider.faults += ["down"]
    name, paper = shop.sell(), Paper()
    shop.now()
    hand_over(shop, name, paper)
    shop.wait(minutes=5)
    hand_over(shop, name, paper)
    hand_over(shop, name, paper)

    assert [document.kind for document in paper.printed] == ["waiting", "sale"]
    assert sorted(statuses(shop)) == ["printed", "printed"]


# --- asked for once more -----------------------------------------------------------------------------------------


def ask_again(shop: Shop, name: Reference, paper: Paper | None, language: str = "") -> Printed:
    return print_again(shop.ledger, check(CONFIG, "config.toml"), paper, shop.order(name), shop.clock, language)


def marked(document: Document) -> bool:
    return document.blocks[0] == Title("COPY")


@pytest.mark.parametrize("error", [None, DeviceError("It went silent.", sent=True)])
def test_what_may_be_the_second_paper_is_marked_copy(shop: Shop, error: Exception | None) -> None:
    """Printed before, or perhaps printed: two papers of one order must not pass for two orders. Each is on record."""
    name, paper = sold(shop), Paper()
    hand_over(shop, name, Paper(error=error))
    second, third = ask_again(shop, name, paper), ask_again(shop, name, paper)

    assert [printed.status for printed in (second, third)] == [JobStatus.PRINTED] * 2
    assert [marked(document) for document in paper.printed] == [True, True]
    assert len(statuses(shop)) == 3


def test_what_never_left_the_kiosk_is_printed_as_the_first(shop: Shop) -> None:
    """The printer was off, or nobody had asked for the paper yet."""
    name, paper = sold(shop), Paper()
    hand_over(shop, name, Paper(error=DeviceError("It cannot be reached.", sent=False)))
    ask_again(shop, name, paper)
    later = sold(shop)
    ask_again(shop, later, paper)

    assert [marked(document) for document in paper.printed] == [False, False]
    assert statuses(shop) == ["failed", "printed", "printed"]


def test_a_paper_that_is_asked_for_speaks_the_language_that_is_asked_for(shop: Shop) -> None:
    """A clerk reads it to the customer in either language; a copy says so in that language too."""
    name, paper = sold(shop), Paper()
    hand_over(shop, name, paper)
    ask_again(shop, name, paper, "zh")

    assert paper.printed[1].language == "zh"
    assert paper.printed[1].blocks[0] == Title("COPY 副本")


def test_without_a_printer_the_paper_is_asked_for_in_vain(shop: Shop) -> None:
    """The document is there all the same, and no job is used up."""
    printed = ask_again(shop, sold(shop), None)

    assert (printed.status, printed.reason) == (JobStatus.FAILED, "no printer is configured")
    assert statuses(shop) == ["queued"]


# --- whose language ----------------------------------------------------------------------------------------------


def test_the_paper_tells_the_clerk_in_small_and_the_screen_does_not(shop: Shop) -> None:
    """A Chinese customer's paper has English keys beside its own; the screen has one reader."""
    name, paper = sold(shop), Paper()
    ask_again(shop, name, paper, "zh")
    on_screen = document_of(shop.ledger, check(CONFIG, "config.toml"), shop.order(name), shop.clock, "zh")

    assert "Total" in {block.small for block in paper.printed[0].blocks if isinstance(block, Row)}
    assert {block.small for block in on_screen.blocks if isinstance(block, Row)} == {""}


def test_a_printer_without_these_letters_gets_the_english_receipt(shop: Shop) -> None:
    """Rather than a page of question marks."""
    name, paper = sold(shop), Paper(speaks=("en",))

    assert ask_again(shop, name, paper, "zh").document.language == "en"
    assert [document.language for document in paper.printed] == ["en"]


def test_the_owners_words_are_on_the_paper_in_its_language(shop: Shop) -> None:
    """Header and footer, or those in English where there are none in the customer's language."""
    own = {"header": {"en": ["Open daily"], "zh": ["每日营业"]}, "footer": {"en": ["Thank you"]}}
    config = check(CONFIG | {"receipt": own}, "config.toml")
    text = plain(document_of(shop.ledger, config, shop.order(sold(shop)), shop.clock, "zh"), 42)

    assert "每日营业" in text
    assert "Thank you" in text
    assert "Open daily" not in text

"""Every place where text leaves the kiosk: what pushes strings through it as real data goes, and what comes out.

A push takes strings and gives lines: what the sink has sent, without the commands that the sink itself makes. Where a
sink keeps records, a push also makes sure that one string has stayed one record.
"""

from __future__ import annotations

import asyncio
import csv
import email
import email.policy
import json
import logging
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import httpx
from msgspec import structs
from textual.app import App, ComposeResult
from textual.containers import Vertical

from devices.encode import escpos
from devices.printers import FolderPrinter
from devices.profiles import Profile
from kiosk.audit import Entry, as_csv
from kiosk.board import Kind as Needs
from kiosk.board import Row as Need
from kiosk.board import Standing
from kiosk.cli import main, out
from kiosk.cli.common import table
from kiosk.contacts import Channel, Message
from kiosk.facts import Card
from kiosk.log import LogFile, Masked
from kiosk.messages import http_sms
from kiosk.messages.folder import Folder
from kiosk.messages.letters import letter
from kiosk.messages.twilio import Twilio
from kiosk.notices import notice
from kiosk.order import Order
from kiosk.out_of_service import back_in_a_moment, cannot_sell
from kiosk.plain import plain
from kiosk.receipt import Document, Kind, Paragraph, Qr, Row, Title
from kiosk.remote import Remote
from kiosk.slips import Closing, Sums, closing
from kiosk.telling import in_one_line
from kiosk.texts import texts
from kiosk.untrusted import FORMULA
from screens.clerk import Field
from screens.counter.board import line_of, standing_line
from screens.paper import Paper
from screens.parts import Notice, Touch, Words
from tests.providers.fakes import FixedClock
from tests.receipts import AT, HEAD, NEW_YORK, ORDER, SHOP, printed, usd

Push = Callable[[Sequence[str]], Iterator[str]]
NO_FONT = "/dev/null"  # a machine without fonts: what a printer lacks is drawn elsewhere
PROFILES = (
    Profile(columns=32, chinese=True, native_qr=True, cutter=True, dots=384, font=NO_FONT),
    Profile(columns=42, chinese=False, native_qr=True, cutter=False, dots=512, font=NO_FONT),
)
LANGUAGES = ("en", "zh", "fr")


# --- orders, shops and documents as hostile data makes them ----------------------------------------------------------


def order_of(text: str) -> Order:
    """An order into which a provider, a rail, a reader and a clerk have put the text wherever they can."""
    return structs.replace(
        ORDER,
        language=LANGUAGES[len(text) % 3],
        plan=replace(ORDER.plan, title=text),
        lines=(replace(ORDER.lines[0], name=text), *ORDER.lines[1:]),
        network=text,
        payment_number=text,
        card=Card(text, text, text, text, text, text),
        reason=text,
    )


def document(text: str, number: int) -> Document:
    """One of the three, in turn: a receipt, a closing, and a paper of bare blocks."""
    lines = (text, text)
    shop = replace(SHOP, name=text, address=lines, kiosk=text, help_line=text, refund_policy=text, footer=lines)
    if number % 3 == 0:
        return printed(order_of(text), shop)
    if number % 3 == 1:
        return Document(Kind.TEST, "en", (Title(text), Paragraph(text), Row(text, text, small=text), Qr(text[:200])))
    shift = Closing(text, text, AT, None, (Sums(text, ((text, usd(1)),), usd(1)),))
    return closing(shift, shop, HEAD, texts("en"), NEW_YORK, AT)


# --- the screen ------------------------------------------------------------------------------------------------------

PAINTED = re.compile(r"\x1b\[(?!53m)[\d;]*m|\x1b\[\d+;\d+H|\x1b\[\?2026[hl]|\r?\n")
"""What Textual itself sends while it paints: colours (never 53, the overline of hostile.py), places, pauses."""


class Teller(Vertical):
    """Each kind of widget that shows words, with one text in all of them."""

    def compose(self) -> ComposeResult:
        yield Words(classes="line")
        yield Notice(classes="line")
        yield Touch(classes="line")
        yield Field(classes="line")
        yield Paper()

    def put(self, text: str) -> None:
        find = self.query_one
        find(Words).show(text)
        find(Notice).tell(texts("zh").say("Mobile network: {network}", network=text))
        find(Touch).show(text[:20], text)
        find(Paper).draw(Document(Kind.TEST, "en", (Paragraph(text), Row(text, text))), 42)
        field = find(Field)
        field.value = ""
        field.insert_text_at_cursor(text)


class Room(App[None]):
    """An app whose terminal is a list."""

    CSS = "Teller { height: 6; } .line { height: 1; border: none; } Paper { height: 2; }"
    ENABLE_COMMAND_PALETTE = False

    def __init__(self) -> None:
        super().__init__()
        self.painted: list[str] = []

    def compose(self) -> ComposeResult:
        yield from (Teller() for _ in range(TELLERS))

    @property
    def is_headless(self) -> bool:
        """Textual paints nothing for a test without a terminal; this one has its list."""
        return False

    def on_mount(self) -> None:
        assert self._driver is not None
        self._driver.write = self.painted.append  # type: ignore[method-assign, assignment]


TELLERS = 8


def on_the_screen(strings: Sequence[str]) -> Iterator[str]:
    yield from asyncio.run(_painted(strings))


async def _painted(strings: Sequence[str]) -> list[str]:
    room = Room()
    async with room.run_test(size=(100, 6 * TELLERS)) as pilot:
        await pilot.pause()
        room.painted.clear()
        tellers = list(room.query(Teller))
        for first in range(0, len(strings), TELLERS):
            for teller, text in zip(tellers, strings[first:], strict=False):
                teller.put(text[:200])
            await pilot.pause()
    return [line for painted in room.painted for line in PAINTED.split(painted)]


# --- paper -----------------------------------------------------------------------------------------------------------

_QR = re.compile(rb"\x1d\(k(..)", re.DOTALL)
_PRINTED = re.compile(
    rb"\x1b@|\x1b[aEM][\x00\x01\x02]|\x1bd\x05|\x1bJ.|\x1bt.|\x1d![\x00\x11]|\x1d[LW]..|\x1dVB\x00|\x1c[&.]|\n",
    re.DOTALL,
)


def on_paper(strings: Sequence[str]) -> Iterator[str]:
    """The bytes for the printer without the commands of encode.py; what is left is letters of some code page."""
    for number, text in enumerate(strings):
        job = escpos(document(text[:2000], number), PROFILES[number % 2])
        yield "".join(chr(byte) if byte < 0x80 else "x" for byte in _PRINTED.sub(b"", _without_codes(job)))


def _without_codes(job: bytes) -> bytes:
    """A QR code's data has a counted length, and is no text; what its text is goes the same way as all others."""
    while found := _QR.search(job):
        job = job[: found.start()] + job[found.end() + int.from_bytes(found[1], "little") :]
    return job


def on_paper_as_text(strings: Sequence[str]) -> Iterator[str]:
    """What the screen, the terminal and the folder of simulated receipts show of it."""
    for number, text in enumerate(strings):
        yield from plain(document(text[:2000], number), 42).split("\n")


# --- messages --------------------------------------------------------------------------------------------------------

HEADERS = [
    *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Type", "Content-Transfer-Encoding"),
    "MIME-Version",
]


def as_mail(strings: Sequence[str]) -> Iterator[str]:
    """A letter is read as a mail server reads it: the headers are ours and no others."""
    for number, text in enumerate(strings):
        subject, body = notice(order_of(text[:500]), Channel.EMAIL, texts("zh"), text[:500], training=True)
        message = Message("T077Q3F9XKD2MWBD1", "li@example.com", subject, body)
        if number % 2:
            message = Message(text[:60], "li@example.com", text[:500], text[:500])
        raw = letter(message, "kiosk@shop.example", AT).as_bytes()
        read = email.message_from_bytes(raw, policy=email.policy.SMTP)
        assert sorted(read.keys()) == sorted(HEADERS), text
        yield from re.split("\r\n[ \t]?", raw.decode())
        yield from (str(value) for value in read.values())
        yield from read.get_content().splitlines()


def as_sms(strings: Sequence[str]) -> Iterator[str]:
    """The two gateways: the body that leaves, read as they read it."""
    sent: list[httpx.Request] = []

    def taken(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(201, json={"sid": "SM" + 32 * "0", "status": "queued"})

    transport = httpx.MockTransport(taken)
    its = http_sms.Settings(
        url="http://127.0.0.1:9/sms", headers={"Content-Type": "application/json", "X-Name": "{name}"},
        body='{"to": "{to}", "text": "{text}"}',
    )  # fmt: skip
    gateway = http_sms.build(its, path="messages.sms", clock=FixedClock(), transport=transport)
    twilio = Twilio(Remote("Twilio", "http://127.0.0.1:9", 5.0, transport), "AC" + 32 * "0", "Basic x", "+15550100")
    for text in strings:
        _, body = notice(order_of(text[:500]), Channel.SMS, texts("en"), text[:500], training=False)
        message = Message("T077Q3F9XKD2MWBD1", "+13055550142", "", body)
        gateway.send(message)
        twilio.send(message)
        by_json, by_form = sent
        yield from json.loads(by_json.content).values()
        yield from dict(httpx.QueryParams(by_form.content.decode())).values()
        sent.clear()


# --- the log, names of files -----------------------------------------------------------------------------------------


def in_the_log(strings: Sequence[str]) -> Iterator[str]:
    """Through a real file: a message, an error's text and a traceback. Each record begins one line at the margin."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "kiosk.log")
        handler = LogFile(path, encoding="utf-8")
        handler.setFormatter(Masked("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        log = logging.Logger("kiosk.test")
        log.addHandler(handler)
        for text in strings:
            log.warning("the provider said %s", text)
            try:
                raise ValueError(text)
            except ValueError:
                log.exception(text.replace("%", "%%"))
        handler.close()
        lines = path.read_bytes().decode().removesuffix("\n").split("\n")
        assert sum(not line.startswith("    ") for line in lines) == 2 * len(strings)
        yield from lines


def as_names_of_files(strings: Sequence[str]) -> Iterator[str]:
    """Mails and receipts in folders: each lies in its folder under one name."""
    with TemporaryDirectory() as folder:
        mails, papers = Path(folder, "mails"), Path(folder, "papers")
        for text in strings:
            Folder(mails, FixedClock()).send(Message(text, "li@example.com", "x", "x"))
        FolderPrinter(papers, PROFILES[1]).print(document(strings[0][:500], 0))
        assert sorted(path.name for path in Path(folder).iterdir()) == ["mails", "papers"]
        for path in [*mails.iterdir(), *papers.iterdir()]:
            assert path.is_file(), path
            assert not path.name.startswith((".", "-")), path
            assert ".." not in path.name, path
            yield path.name


# --- the command line, and what stands on the terminal while there are no screens ------------------------------------


def on_the_command_line(strings: Sequence[str]) -> Iterator[str]:
    """Lines, tables, JSON, questions, wrong usage, errors; one line stays one line."""
    for number, text in enumerate(strings):
        with redirect_stdout(StringIO()) as told, redirect_stderr(told):
            out.put(text)
            out.put(f"kiosk: {text}", err=True)
            out.put(in_one_line(order_of(text)))
            table([(text, text)], ("A", "B"))
            lines = 5
            if number % 50 == 0:
                with suppress(SystemExit):
                    main(["show", text])
                with suppress(SystemExit):
                    main([text])
                _asked(text)
        said = told.getvalue()
        assert number % 50 == 0 or said.count("\n") == lines, text
        yield from said.split("\n")
        with redirect_stdout(StringIO()) as told:
            out.say_json({"reason": text, text: [text]})
        read = json.loads(told.getvalue()).popitem()[1][0]
        assert read.encode("utf-16", "surrogatepass") == text.encode("utf-16", "surrogatepass")
        yield from told.getvalue().split("\n")


def _asked(text: str) -> None:
    before, sys.stdin = sys.stdin, StringIO("n\n")
    with suppress(click.Abort):
        out.confirm(text)
    sys.stdin = before


def out_of_service(strings: Sequence[str]) -> Iterator[str]:
    """The last words of dead screens, and what the ledger's trouble is called: by an operating system, by a path."""
    for text in strings:
        told = back_in_a_moment(f"Traceback\n{text} error", 1.0) + cannot_sell(text[:2000], 80)
        yield from told.split("\r\n")


@dataclass(frozen=True, slots=True)
class Sink:
    """`share` is how many of a hundred strings go to it where many are pushed: a painted screen takes milliseconds."""

    push: Push
    share: int


def on_the_counter(strings: Sequence[str]) -> Iterator[str]:
    """What the board shows in colours; all else there goes through the same widgets as on the kiosk's screens."""
    for text in strings:
        yield line_of(Need(Needs.REVIEW, "K07", text), NEW_YORK).plain
        yield standing_line(Standing(text, text, well=False)).plain


def in_a_table(strings: Sequence[str]) -> Iterator[str]:
    """The audit as a spreadsheet opens it: every act is one line of six cells, and none of them is a formula."""
    for text in strings:
        written = as_csv([Entry(1, AT, text, text, None, text)])
        rows = list(csv.reader(StringIO(written)))
        assert [len(row) for row in rows] == [6, 6], text
        assert not any(cell.startswith(FORMULA) for cell in rows[1]), text
        yield from written.split("\n")


SINKS = {
    "an audit's table": Sink(in_a_table, 5),
    "the screen": Sink(on_the_screen, 1),
    "the counter": Sink(on_the_counter, 1),
    "the printer": Sink(on_paper, 3),
    "paper as text": Sink(on_paper_as_text, 5),
    "e-mail": Sink(as_mail, 3),
    "SMS": Sink(as_sms, 8),
    "the log": Sink(in_the_log, 20),
    "names of files": Sink(as_names_of_files, 3),
    "the command line": Sink(on_the_command_line, 22),
    "out of service": Sink(out_of_service, 34),
}

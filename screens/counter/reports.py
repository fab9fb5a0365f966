"""The owner's reports: a day, a week or a month, one back and one forth, with a chart; and as files."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from textual.app import ComposeResult
from textual.containers import VerticalScroll

from kiosk.reports.chart import chart
from kiosk.reports.figures import Report, read_report
from kiosk.reports.period import Period, Span, period_of
from kiosk.reports.sheet import export
from kiosk.reports.words import lines_of, title
from screens.counter.frame import CounterScreen
from screens.parts import Key, Words

SPANS = {"d": Span.DAY, "w": Span.WEEK, "m": Span.MONTH}
FOLDER = "reports"
PATIENCE_S = 0.5
"""What takes longer says how far it is."""
EDGES = 3
"""Columns beside the text: the page's edges and the bar that scrolls it."""
ROWS_LOW, ROWS_HIGH = 10, 13
"""Of the chart, on the smallest terminal and on others."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A report, and the text that it was made into."""

    report: Report
    lines: tuple[str, ...]


class ReportsScreen(CounterScreen[str]):
    """Its answer is nothing: it is left by Esc. What is wanted is read once, in a thread; D, W or M reads it anew."""

    reads = True

    def __init__(self) -> None:
        super().__init__()
        self._wanted: Period | None = None
        self._shown: Shown | None = None
        self._since, self._percent = time.monotonic(), 0

    def body(self) -> ComposeResult:
        yield Words(id="question")
        yield VerticalScroll(Words(id="page"), id="scroll")

    def on_mount(self) -> None:
        self.query_one("#scroll").focus()
        self._want(self._today(Span.DAY))

    def on_resize(self) -> None:
        """The chart is as wide as the page."""
        if self._shown and self._wanted:
            self._want(self._wanted)

    def keys(self) -> list[Key]:
        spans = [Key("d", "D", "Day"), Key("w", "W", "Week"), Key("m", "M", "Month")]
        move = [Key("left", "←", "Prev"), Key("right", "→", "Next")]
        more = [Key("e", "E", "Export"), Key("pagedown", "PgDn", "More"), Key("escape", "Esc", "Back")]
        return [*spans, *move, *more]

    def take(self, key: str) -> None:
        if key in SPANS:
            self._want(self._of(SPANS[key]))
        elif key == "left" and self._wanted:
            self._want(self._wanted.before)
        elif key == "right" and self._wanted:
            self._after(self._wanted)
        elif key == "e":
            self._export()
        elif key == "pagedown":  # typed it is the scroll's own; touched, it is ours
            self.query_one("#scroll", VerticalScroll).scroll_page_down()

    def _today(self, span: Span) -> Period:
        zone = self.house.config.zone
        return period_of(span, self.house.clock.now().astimezone(zone).date(), zone)

    def _of(self, span: Span) -> Period:
        """The day, week or month that one looks at already; today's, where that has more than one of them."""
        wanted, today = self._wanted, self._today(span)
        if wanted is None or wanted.since <= self.house.clock.now() < wanted.until:
            return today
        return period_of(span, wanted.first, wanted.zone)

    def _after(self, wanted: Period) -> None:
        if wanted.after.since > self.house.clock.now():
            self.tell("That has not been yet.")
        else:
            self._want(wanted.after)

    def _want(self, period: Period) -> None:
        self._wanted, self._shown = period, None
        self._since, self._percent = time.monotonic(), 0
        self._read_at = float("-inf")
        self.query_one("#question", Words).show(period.title)
        self.query_one("#page", Words).show("")
        self.tell("")

    def write(self) -> None:
        super().write()
        if self._wanted and not self._shown and time.monotonic() - self._since > PATIENCE_S:
            self.tell(f"Reading {self._wanted.title} ... {self._percent} %")

    def read(self) -> Shown | None:
        wanted = self._wanted
        if wanted is None or self._shown:
            return None
        house = self.house
        report = read_report(house.ledger, house.config, wanted, house.clock.now(), self._hear)
        rows = ROWS_LOW if self.size.height <= 24 else ROWS_HIGH
        columns = self.size.width - EDGES
        return Shown(report, tuple(lines_of(report, chart(report.times, columns, rows), columns)[1:]))

    def _hear(self, percent: int) -> None:
        self._percent = percent

    def show(self, read: Shown | None) -> None:
        if read is None or read.report.period != self._wanted:  # another one is wanted meanwhile
            self._read_at = float("-inf") if read else self._read_at
            return
        if self._percent and time.monotonic() - self._since > PATIENCE_S:
            self.tell("")
        self._shown = read
        self.query_one("#question", Words).show(title(read.report))
        self.query_one("#page", Words).show("\n".join(read.lines))
        self.query_one("#scroll", VerticalScroll).scroll_home(animate=False)

    def _export(self) -> None:
        if self._shown is None:
            self.tell("It is not read yet.")
            return
        report, folder = self._shown.report, self.house.config.state_dir / FOLDER
        self.work(lambda: export(report, folder), self._exported)

    def _exported(self, files: list[Path]) -> None:
        named = " and ".join(file.name for file in files)
        self.tell(f"Written, readable by this machine's kiosk user alone: {named}, in {files[0].parent}", "ok")

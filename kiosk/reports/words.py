"""A report in words for the owner: lines for a terminal, and how it differs from the period before. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from kiosk.money import Money
from kiosk.reports.effects import Effect, Group
from kiosk.reports.figures import HourTimes, Margin, Report, Sum, Totals
from kiosk.reports.period import Span
from kiosk.texts import printable, width, wrapped

BEFORE = {Span.DAY: "the day before", Span.WEEK: "the week before", Span.MONTH: "the month before"}
NAME_MAX = 42


def lines_of(report: Report, chart: Sequence[str], columns: int = 77) -> list[str]:
    """The whole report in lines of at most so many columns; the chart's are as wide as they are."""
    return [
        *(line for long in summary(report) for line in _broken(long, columns)),
        *_section("Delivery times by the hour at which it was paid", [*chart, *_times(report.times)]),
        *_section("Sold by way to pay", _listed(report.by_tender)),
        *_section("Sold by plan", _listed(report.by_plan)),
        *_section("Sold by provider", _listed(report.by_provider)),
        *_section("Given back by cause", _listed(report.given_back)),
        *_section("Failures by cause", (f"  {each.times:>5}  {each.kind}: {each.cause}" for each in report.failures)),
        *_section("Promotions: the orders with each beside those without", _effects(report.effects)),
    ]


def _broken(line: str, columns: int) -> list[str]:
    """What is too long goes on below its own first word."""
    inset = " " * (len(line) - len(line.lstrip()))
    return [inset + part for part in wrapped(line.strip(), columns - len(inset))] if width(line) > columns else [line]


def title(report: Report) -> str:
    """`Saturday 28 November 2026, so far (14:32)`."""
    now = report.at.astimezone(report.period.zone)
    so_far = f", so far ({now:%Y-%m-%d %H:%M})" if report.so_far else ""
    return f"{report.period.title}{so_far}"


def summary(report: Report) -> list[str]:
    """What it came to, and how that differs from the period before."""
    now = report.totals
    lines = [title(report)]
    lines += _amounts("Sold", now.sold, "nothing was sold")
    lines += _amounts("Given back", now.given_back, "nothing")
    lines += [line for margin in now.margins for line in _margin(margin)]
    lines += _amounts("  taxes, fees in it", report.taxes_and_fees)
    lines += _amounts("Not delivered yet", report.waiting)
    lines.append(f"{'Failures':<18} {now.failures:>6}")
    return [*lines, *differences(report)]


def _section(name: str, lines: Iterable[str]) -> list[str]:
    """Nothing at all where there is nothing to tell."""
    told = [printable(line) for line in lines]
    return ["", name, *told] if told else []


def _amounts(name: str, sums: Sequence[Sum], none: str = "") -> list[str]:
    if not sums:
        return [f"{name:<18} {none:>6}"] if none else []
    return [f"{name:<18} {_orders(each.orders)} {each.amount!s:>16}" for each in sums]


def _orders(many: int) -> str:
    return f"{many:>6} {'order ' if many == 1 else 'orders'}"


def _margin(margin: Margin) -> list[str]:
    sold = f"{margin.paid.decimal} paid - {margin.given_back.decimal} given back"
    if margin.margin is not None:
        line = f"{'Margin':<18} {'':>13} {margin.margin!s:>16}"
        return [line, f"  = {sold} - {margin.cost.decimal} cost of what was delivered"]
    return [
        f"{'Margin':<18} is not known of what is bought in {margin.cost.currency}:",
        f"  {sold} ({margin.paid.currency}), {margin.cost} cost; no exchange rate is known here",
    ]


def _listed(sums: Sequence[Sum]) -> Iterator[str]:
    for each in sums:
        yield f"  {_fitted(each.name)} {_orders(each.orders)} {each.amount!s:>16}"


def _fitted(name: str, columns: int = NAME_MAX) -> str:
    """In so many cells, Chinese ones too; a longer name is cut."""
    clean = printable(name)
    while width(clean) > columns:
        clean = clean[:-1]
    return clean + " " * (columns - width(clean))


def _times(times: Sequence[HourTimes]) -> Iterator[str]:
    if times:
        yield f"  {'hour':<14}{'top-ups':>8}  {'half within':>14}  {'95 of 100 within':>17}"
    for each in times:
        hours = f"{each.hour:02}:00 to {each.hour + 1:02}:00"
        yield f"  {hours:<14}{each.top_ups:>8}  {span_words(each.median_s):>14}  {span_words(each.slow_s):>17}"


def span_words(seconds: float) -> str:
    """`4.2 s`, `1 min 30 s`, `2 h 5 min`."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    return f"{whole // 60} min {whole % 60} s" if whole < 3600 else f"{whole // 3600} h {whole % 3600 // 60} min"


def _effects(effects: Sequence[Effect]) -> Iterator[str]:
    for effect in effects:
        off = f": {effect.off} off" if effect.off.amount_minor else ", which costs the shop nothing"
        yield f"  {_fitted(effect.name).rstrip()} ({effect.kind}){off}"
        yield f"    with it    {_group(effect.having)}"
        yield f"    without it {_group(effect.without)}"


def _group(group: Group) -> str:
    if not group.orders:
        return f"{_orders(0)}"
    margin = f"margin {group.average_margin} each" if group.settled else "margin not known"
    return f"{_orders(group.orders)}  {group.average} each on average, {margin}"


# --- compared with the period before ---------------------------------------------------------------------------------


def differences(report: Report) -> list[str]:
    """Sentences: by how much it is more or less than the period before, by the same moment where it is not over."""
    name = BEFORE[report.period.span] + (" by the same hour" if report.so_far else "")
    now, then = report.totals, report.before
    if not _count(now) and not _count(then):
        return [f"Nothing was sold {name} either."]
    told = [_counted(_count(now), _count(then), "order")]
    told += [_compared("sold", *pair) for pair in _pairs(now, then, lambda each: _by_currency(each.sold))]
    told += [_compared("given back", *pair) for pair in _pairs(now, then, lambda each: _by_currency(each.given_back))]
    told += [_compared("margin", *pair) for pair in _pairs(now, then, _margins)]
    told.append(_counted(now.failures, then.failures, "failure"))
    return [f"Compared with {name}: {told[0]};", *_wrapped(told[1:])]


def _wrapped(told: list[str]) -> list[str]:
    return [f"  {sentence}{'.' if place == len(told) else ';'}" for place, sentence in enumerate(told, start=1)]


def _count(totals: Totals) -> int:
    return sum(each.orders for each in totals.sold)


def _by_currency(sums: Sequence[Sum]) -> dict[str, Money]:
    return {each.amount.currency: each.amount for each in sums}


def _margins(totals: Totals) -> dict[str, Money]:
    return {each.paid.currency: each.margin for each in totals.margins if each.margin is not None}


def _pairs(now: Totals, then: Totals, of: Callable[[Totals], dict[str, Money]]) -> Iterator[tuple[Money, Money]]:
    ours, theirs = of(now), of(then)
    for currency in sorted(ours.keys() | theirs.keys()):
        zero = Money(0, currency)
        yield ours.get(currency, zero), theirs.get(currency, zero)


def _counted(now: int, then: int, what: str) -> str:
    if now == then:
        return f"as many {what}s ({then})"
    many = abs(now - then)
    return f"{many} {what if many == 1 else what + 's'} {'more' if now > then else 'fewer'} than {then}"


def _compared(what: str, now: Money, then: Money) -> str:
    if now == then:
        return f"{what}: as much ({then})"
    more = now > then
    share = round(100 * (now.amount_minor - then.amount_minor) / then.amount_minor) if then.amount_minor > 0 else 0
    by = f" ({share:+d} %)" if share else ""
    return f"{what}: {now - then if more else then - now} {'more' if more else 'less'} than {then}{by}"

"""The board shows when each remote last answered; it costs no sale a commit."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.board import heard_words
from kiosk.errors import Unreachable
from kiosk.ledger.heard import Heard, heard
from kiosk.ports import Pending
from kiosk.simulation.remotes import NOON
from kiosk.simulation.shop import Shop


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def test_an_answer_and_a_silence_are_kept_with_their_time(shop: Shop) -> None:
    """The newest of each; of a remote that nobody has asked, nothing."""
    lines, now = shop.queue.lines, shop.clock.now()
    lines.hear("wallet", Pending(), now)
    lines.hear("wallet", Unreachable("nothing came back", sent=True), now + timedelta(seconds=9))

    known = heard(shop.ledger)

    assert known["wallet"] == Heard(now, now + timedelta(seconds=9))
    assert known["airtime"] == Heard(None, None)


def test_it_is_written_every_ten_seconds_at_most(shop: Shop) -> None:
    """However fast a remote is polled."""
    lines, now = shop.queue.lines, shop.clock.now()
    before = shop.ledger.database.connection.total_changes
    for second in range(21):
        lines.hear("wallet", Pending(), now + timedelta(seconds=second))

    assert shop.ledger.database.connection.total_changes - before == 3


def test_the_first_answer_after_a_silence_is_written_at_once(shop: Shop) -> None:
    """The board would tell of the silence otherwise, which is over."""
    lines, now = shop.queue.lines, shop.clock.now()
    lines.hear("wallet", Pending(), now)
    lines.hear("wallet", Unreachable("nothing came back", sent=True), now + timedelta(seconds=2))
    lines.hear("wallet", Pending(), now + timedelta(seconds=4))

    last = heard(shop.ledger)["wallet"]

    assert (last.answered_at, last.silent_at) == (now + timedelta(seconds=4), now + timedelta(seconds=2))


@pytest.mark.parametrize(
    ("answered", "silent", "words"),
    [
        (None, None, "nobody has asked it yet"),
        (7200, None, "answered 2 h ago"),
        (3, 60, "answered 0:03 ago"),
        (7200, 2, "no answer 0:02 ago, answered 2 h ago"),
        (None, 2, "no answer 0:02 ago, never answered yet"),
    ],
)
def test_how_long_ago_is_said_in_words(answered: int | None, silent: int | None, words: str) -> None:
    """Both, where the silence is the newer one."""
    last = Heard(*(NOON - timedelta(seconds=ago) if ago is not None else None for ago in (answered, silent)))

    assert heard_words(last, NOON) == words

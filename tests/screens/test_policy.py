"""The refund policy on the summary: what may be configured is seen whole, also where a language has none of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kiosk.config import check
from kiosk.errors import ConfigError
from kiosk.letterhead import POLICY_COLUMNS, POLICY_LINES
from kiosk.texts import LANGUAGES
from screens.summary import SummaryScreen
from tests.screens.room import PLANS, SIM
from tests.screens.test_room_enough import LONG, a_wordy_room, no_paper, nothing_is_cut

LONGEST = " ".join(["Refunds as the law wants it: within 36"] * POLICY_LINES)
"""Each line is full: the most that is allowed."""


@pytest.mark.prove
@pytest.mark.parametrize("paper", [True, False])
async def test_the_longest_policy_is_whole_in_a_language_without_its_own(tmp_path: Path, paper: bool) -> None:
    """The longest bill, the most ways to pay, the longest words around it."""
    shop: dict[str, Any] = LONG["kiosk"] | {"refund_policy": {"en": LONGEST}}
    room = a_wordy_room(tmp_path, kiosk=shop)
    make = no_paper if not paper else lambda room: SummaryScreen(room, room.network.sim(SIM), PLANS[2], changed=True)

    await nothing_is_cut(room, make, list(LANGUAGES))


@pytest.mark.parametrize(
    ("language", "policy"),
    [("en", LONGEST + " hours"), ("zh", "退" * (POLICY_LINES * POLICY_COLUMNS // 2 + 1))],
)
def test_a_policy_that_would_be_cut_is_refused_with_the_room_there_is(language: str, policy: str) -> None:
    """At the start, in the owner's words; not when a customer reads half of it."""
    with pytest.raises(
        ConfigError, match=rf"kiosk\.refund_policy\.{language}: too long by 1 of 5 lines; .* 4 lines of 38"
    ):
        check({"kiosk": {"refund_policy": {language: policy}}}, "config.toml")

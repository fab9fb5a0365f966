"""No string from outside commands a terminal, a printer, a mailbox, a log or a folder."""

from __future__ import annotations

import pytest

from tests.sinks.hostile import PIECES, evil_in, hostile
from tests.sinks.sinks import SINKS

FEW, MANY = 3_000, 50_000


def pushed(name: str, seed: int, number: int) -> None:
    strings = list(hostile(seed, number))
    for line in SINKS[name].push(strings):
        assert not evil_in(line), f"{evil_in(line)} from {name}, seed {seed}: {line!r}"


@pytest.mark.parametrize("name", SINKS)
def test_nothing_that_a_hostile_string_wants_comes_out_of_a_sink(name: str) -> None:
    """Some hundred strings into each sink, as the data goes there."""
    pushed(name, 1, FEW * SINKS[name].share // 100)


@pytest.mark.prove
@pytest.mark.parametrize("name", SINKS)
def test_no_single_wish_comes_out_of_a_sink(name: str) -> None:
    """Each piece by itself, and between letters: what another piece beside it could hide does not hide it."""
    for line in SINKS[name].push([*PIECES, *(f"a{piece}b" for piece in PIECES)]):
        assert not evil_in(line), f"{evil_in(line)} from {name}: {line!r}"


@pytest.mark.prove
@pytest.mark.parametrize("name", SINKS)
def test_nothing_comes_out_of_a_sink_however_many_strings_go_in(name: str) -> None:
    """Fifty thousand over all sinks; benchmarks/sinks.py pushes a million."""
    pushed(name, 2, MANY * SINKS[name].share // 100)

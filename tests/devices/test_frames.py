"""A scanner's bytes: whole codes and nothing else, however they come."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.frames import CODE_MAX, PAUSE_S, Frames

CODE = "8900000461442300635"


@pytest.mark.parametrize(
    "sent", [b"%s\r", b"%s\n", b"%s\r\n", b"%s\t", b"\x02%s\x03", b"\x02%s\x03\r\n", b"\r\n%s\r\n"]
)
def test_a_code_ends_as_its_scanner_ends_it(sent: bytes) -> None:
    """Nothing has to be set up for the usual endings."""
    assert Frames().feed(sent % CODE.encode(), 1.0) == [CODE]


@given(st.lists(st.integers(1, 9), min_size=1, max_size=30))
def test_pieces_make_the_same_codes(cuts: list[int]) -> None:
    """A serial line hands over what has come so far, cut anywhere."""
    line = b"\x02A\r\nB\x03" + CODE.encode() + b"\r\n" + b"K077Q3F9XKD2MWB\n"
    frames, codes, at = Frames(), [], 1.0
    for cut in [*cuts, len(line)]:
        piece, line = line[:cut], line[cut:]
        codes += frames.feed(piece, at)
        at += PAUSE_S / 2

    assert codes == ["A\r\nB", CODE, "K077Q3F9XKD2MWB"]


def test_half_a_code_is_never_put_together_with_the_next() -> None:
    """Its rest did not come in time: a hand was in the way, the battery died."""
    frames = Frames()
    assert frames.feed(CODE[:11].encode(), 1.0) == []
    assert frames.quiet(1.2) == []

    assert frames.feed(CODE.encode() + b"\r", 1.0 + PAUSE_S + 0.1) == [CODE]


def test_a_pause_ends_a_code_where_nothing_else_does() -> None:
    """Set up so: and then an ending is not waited for."""
    frames = Frames(pause_ends=True)
    frames.feed(CODE[:11].encode(), 1.0)
    frames.feed(CODE[11:].encode(), 1.1)

    assert frames.quiet(1.1 + PAUSE_S / 2) == []
    assert frames.quiet(1.2 + PAUSE_S) == [CODE]
    assert frames.quiet(9.0) == []


def test_noise_without_end_is_dropped_and_the_next_code_is_whole() -> None:
    """A line at the wrong speed sends anything, for ever."""
    frames = Frames()
    for number in range(5):
        assert frames.feed(b"\xff" * (CODE_MAX // 2 + 1), 1.0 + number * 0.01) == []
    assert frames.feed(b"rest\r", 1.1) == []

    assert frames.feed(CODE.encode() + b"\r", 1.2) == [CODE]


def test_a_lost_line_leaves_no_half_code() -> None:
    """The cable is put back faster than a pause: what comes then is a code of its own."""
    frames = Frames()
    frames.feed(CODE[:11].encode(), 1.0)
    frames.forget()

    assert frames.feed(CODE.encode() + b"\r", 1.05) == [CODE]

"""No key, touch, paste or text from outside leads out of the kiosk; only a clerk's PIN does."""

from __future__ import annotations

import os
import signal
import termios

import pytest

from tests.journeys.terminal import Terminal
from tests.world import PIN, SIM, World

pytestmark = pytest.mark.prove

CONTROLS = ["\x03", "\x11", "\x1a", "\x10", "\x1c", "\x04", "\x13", "\x0c", "\x1b\x1b", "\x1bx", "\x1b[27;5;113~"]
FUNCTION_KEYS = [
    "\x1bOP",
    *("\x1bOR", "\x1bOR"),  # large letters, and ordinary ones again
    "\x1bOS",
    *("\x1b[15~", "\x1b[15~"),  # a voice, and none
    "\x1b[17~",
    "\x1b[18~",
    "\x1b[19~",
    "\x1b[20~",
    "\x1b[23~",
    "\x1b[24~",
]
TOUCHES = ["\x1b[<64;40;12M", "\x1b[<65;40;12M", "\x1b[<2;40;1M\x1b[<2;40;1m", "\x1b[<0;1;1M\x1b[<0;80;24m"]


def test_no_key_leaves_the_kiosk_and_a_clerk_does(kiosk: World) -> None:
    """Quit, suspend, palette and function keys lead nowhere; a wrong PIN neither; the right one ends it, cleanly."""
    with Terminal(kiosk, 80, 24) as terminal:
        before = termios.tcgetattr(terminal.process.child_fd)
        terminal.wait_for("Have ready")
        terminal.press(*CONTROLS, *FUNCTION_KEYS, *TOUCHES)
        terminal.wait_for("Choose your language")
        terminal.press("1")
        terminal.wait_for("What is the number of your card?")
        terminal.press(*CONTROLS[:-3], *FUNCTION_KEYS, *TOUCHES)
        terminal.wait_for("What is the number of your card?")
        assert "palette" not in terminal.look().lower()
        terminal.press("f10")
        terminal.wait_for("For clerks: open the counter here")
        terminal.press("f10")
        terminal.wait_for("For clerks: end the kiosk")
        terminal.press(*"mei", "enter", *"000000", "enter")
        terminal.wait_for("do not match")
        terminal.press(*PIN, "enter")
        while terminal.process.isalive():
            terminal.look(0.1)
        terminal.process.wait()

        assert terminal.process.exitstatus == 0
        assert termios.tcgetattr(terminal.process.child_fd) == before
        assert PIN.encode() not in terminal.raw
        assert b"Traceback" not in terminal.raw
        assert terminal.raw.rfind(b"\x1b[?1049l") > terminal.raw.rfind(b"\x1b[?1049h")


def test_text_from_outside_never_commands_the_terminal(kiosk: World) -> None:
    """Escape sequences in the configuration and in a paste come out as nothing."""
    text = kiosk.config.read_text(encoding="utf-8").replace(
        "US DATA SIM TOP-UP", "TOP\\u001b]0;owned\\u0007\\u001b[2JUP"
    )
    text += '\n[wifi]\nname = "Free\\u009b31mNet\\u001b[6n"\npassword = "pass\\u001b]52;c;b3duZWQ=\\u0007word"\n'
    kiosk.config.write_text(text, encoding="utf-8")
    with Terminal(kiosk, 100, 30) as terminal:
        terminal.wait_for("Have ready")
        terminal.press("1")
        terminal.wait_for("What is the number of your card?")
        terminal.press(f"\x1b[200~\x1b]0;owned\x07{SIM[:8]}\x1b[2J\x1b[201~")
        terminal.wait_for("What is the number of your card?")
        terminal.press(f"\x1b[200~{SIM[:4]} {SIM[4:8]}\x1b[201~")
        terminal.wait_for("8 digits")

    for payload in (b"\x1b]0;owned", b"\x1b[6n", b"\x1b]52;c", b"\xc2\x9b"):
        assert payload not in terminal.raw


def test_a_second_kiosk_on_a_live_seat_is_refused(kiosk: World) -> None:
    """It says whose seat it is, and ends; the first one goes on."""
    with Terminal(kiosk, 80, 24) as terminal:
        terminal.wait_for("Have ready")
        with Terminal(kiosk, 80, 24) as second:
            refused = " ".join(second.wait_for("taken by process").split())
            code = second.process.wait()

        assert f"taken by process {terminal.process.pid}" in refused
        assert code == 7
        terminal.wait_for("Choose your language")


def test_without_a_terminal_it_is_refused_and_the_queue_alone_is_named(kiosk: World) -> None:
    """It would paint into a pipe for ever, and somebody's log would be full of it."""
    refused = kiosk.run("run", code=2)

    assert "kiosk sync" in refused
    assert not kiosk.rows("SELECT 1 FROM seats")


def test_a_terminal_that_is_too_small_says_so_and_recovers(kiosk: World) -> None:
    """60 by 20 is no kiosk, whatever the environment says; enlarged, it is one."""
    kiosk.env |= {"COLUMNS": "80", "LINES": "24"}
    with Terminal(kiosk, 60, 20) as terminal:
        terminal.wait_for("This terminal is too small")
        terminal.resize(100, 30)
        terminal.wait_for("Choose your language")


def test_a_terminal_that_is_gone_ends_the_kiosk_and_frees_its_seat(kiosk: World) -> None:
    """Nobody is left to look at: no process spins on a dead terminal, and the next start finds the seat free."""
    with Terminal(kiosk, 80, 24) as terminal:
        terminal.wait_for("Have ready")
        kiosk.wait_for("SELECT 1 FROM seats")
        os.close(terminal.process.child_fd)
        kiosk.wait_for("SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM seats)")
        terminal.process.closed = True
        pid, status = os.waitpid(int(terminal.process.pid or 0), 0)

    assert pid == terminal.process.pid
    assert os.waitstatus_to_exitcode(status) == 128 + signal.SIGHUP


def test_a_terminal_that_is_gone_ends_the_kiosk_that_make_has_started(kiosk: World) -> None:
    """The hang-up is told to the first program of a terminal alone, and make waits for the kiosk to end."""
    with Terminal(kiosk, 80, 24, under=("sh", "-c", 'trap : HUP; "$@"; exit', "sh")) as terminal:
        terminal.wait_for("Have ready")
        kiosk.wait_for("SELECT 1 FROM seats")
        os.close(terminal.process.child_fd)
        kiosk.wait_for("SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM seats)")
        terminal.process.closed = True
        pid, _ = os.waitpid(int(terminal.process.pid or 0), 0)

    assert pid == terminal.process.pid

"""The simulated printer as people use it: knobs by words, and a program that shows what it prints."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from devices import links
from devices.printers import EscposPrinter
from devices.profiles import MODELS
from devices.twin_engine import Engine, Knobs
from devices.twin_words import HELP, knobs_of, told
from tests.receipts import ORDER, SHOP, printed


@pytest.mark.parametrize(
    ("line", "knobs"),
    [
        ("paper out", {"paper": False}),
        ("  New  roll ", {"paper": True, "near_end": False}),
        ("slow 9600", {"baud": 9600}),
        ("late 1.5", {"late_s": 1.5}),
        ("reset after 200", {"reset_after": 200}),
        ("well", asdict(Knobs())),
    ],
)
def test_a_line_turns_knobs(line: str, knobs: dict[str, object]) -> None:
    """In words that somebody at a counter would use."""
    assert knobs_of(line) == knobs


def test_what_cannot_be_read_is_answered_by_what_can() -> None:
    """Every word that it knows is in its help, and is told as it stands."""
    with pytest.raises(ValueError, match="paper out, near end"):
        knobs_of("burn")
    engine = Engine()
    for word in HELP.partition(";")[0].split(", "):
        engine.turn(**knobs_of(word))

    assert told(engine.knobs) == "error = True, silent = True, wrong = True, chatty = True"
    assert told(Knobs()) == "ready"


def test_what_is_switched_off_forgets_what_it_held() -> None:
    """Bytes in a buffer are no paper: after a power cut they never print."""
    engine = Engine()
    engine.turn(paper=False)
    engine.take(b"\x1b@lost\n\x1dVB\x00")
    engine.lose()
    engine.turn(paper=True)
    engine.take(b"\x1b@kept\n\x1dVB\x00")

    assert engine.paper.receipts == ["kept"]


@pytest.mark.prove
def test_the_program_prints_shows_and_obeys(tmp_path: Path) -> None:
    """On a port that is free: a receipt on the terminal and in the folder, a knob by a word, help for the rest."""
    command = [sys.executable, "-m", "kiosk", "devices", "simulate", "printer", "--port", "0"]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [*command, "--folder", str(tmp_path)], stdin=pipe, stdout=pipe, text=True, env=os.environ
    ) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        found = re.search(r"127\.0\.0\.1:(\d+)", program.stdout.readline())
        assert found is not None
        port = int(found[1])
        printer = EscposPrinter(
            "printer", lambda until: links.network("127.0.0.1", port, until), MODELS["generic-80mm"], 20.0
        )
        said = printer.print(printed(ORDER, SHOP))
        shown: list[str] = []
        while not shown or not shown[-1].startswith("-" * 44):
            shown.append(program.stdout.readline())
        program.stdin.write("paper out\nnonsense\n")
        program.stdin.flush()
        answers = [program.stdout.readline(), program.stdout.readline()]
        condition = printer.look().condition
        program.kill()

    assert said is True
    assert "K07-7Q3F-9XKD-2MWB" in "".join(shown)
    assert "K07-7Q3F-9XKD-2MWB" in (tmp_path / "00001.txt").read_text(encoding="utf-8")
    assert (tmp_path / "00001.png").read_bytes().startswith(b"\x89PNG")
    assert answers[0] == "[paper = False]\n"
    assert answers[1] == HELP + "\n"
    assert condition.name == "OUT"

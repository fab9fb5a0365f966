"""A whole sale by ear: the screen is never read, what to press is known from what was said alone."""

from __future__ import annotations

import re
import wave
from pathlib import Path

import pytest

from tests.heard import Ear
from tests.journeys.terminal import Terminal
from tests.world import PIN, SIM, World

LEAST_S, LEAST_LOUD = 0.2, 500


def give_it_a_voice(kiosk: World, ear: Ear) -> None:
    text = kiosk.config.read_text(encoding="utf-8")
    kiosk.config.write_text(f'{text}\n[voice]\nprogram = "{ear.path}"\n', encoding="utf-8")


def buys_by_ear(kiosk: World, ear: Ear, terminal: Terminal, language: str) -> None:
    """What a customer does who sees nothing: listens, and presses what was heard."""
    words = WORDS[language]
    ear.wait_for("F5")  # the keys of the voice
    tile = ear.wait_for(words["language"])
    terminal.press(tile[0])
    ear.wait_for(words["number"])
    terminal.press(*SIM)
    ear.wait_for(SIM[-1])
    terminal.press("enter")
    plan = ear.wait_for("10 GB")
    terminal.press(plan[0])
    ear.wait_for(words["right"])
    way = ear.wait_for(words["cash"])
    terminal.press(way[0])
    ear.wait_for(words["counter"])
    heard = ""
    while len(heard) < len(kiosk.orders()[0]["reference"]):
        heard = "".join(re.findall("[A-Z0-9]", ear.wait_for(words["order"]).split(words["order"])[-1]))
    assert heard == kiosk.orders()[0]["reference"]  # the order's number is known by ear alone
    kiosk.run("cash", heard, "--clerk", "mei", "--tendered", "30", pin=PIN)
    ear.wait_for(words["delivered"], seconds=60)
    assert kiosk.orders()[0]["state"] == "COMPLETED"


WORDS = {
    "en": {
        "language": "English",
        "number": "What is the number of your card?",
        "right": "Is this right?",
        "cash": "Cash",
        "counter": "at the counter",
        "order": "Order",
        "delivered": "Delivered: 10 GB",
    },
    "zh": {
        "language": "简体中文",
        "number": "卡号",
        "right": "请核对",
        "cash": "现金",
        "counter": "柜台",
        "order": "订单",
        "delivered": "已到账",
    },
}


@pytest.mark.prove
@pytest.mark.parametrize("language", WORDS)
def test_a_customer_who_sees_nothing_buys_by_ear(kiosk: World, tmp_path: Path, language: str) -> None:
    """From F5 to the receipt, in their language, price and numbers digit by digit; each sentence is a sound, too."""
    ear = Ear(tmp_path / "ear", sound=True)
    give_it_a_voice(kiosk, ear)
    with Terminal(kiosk, 80, 24) as terminal:
        terminal.wait_for("F3")  # the kiosk is switched on; from here on nobody looks
        terminal.press("f5")
        buys_by_ear(kiosk, ear, terminal, language)
        lines = ear.lines()
        terminal.press("enter")

    said = [words for voice, pace, loudness, words in lines]
    assert any(re.search(r"(\d ){1,}\S+ \d \d", words) and "USD" in words for words in said), said  # 2 4 point 5 0 USD
    assert not any(re.search("[\u2500-\u259f]", words) for words in said)
    assert {voice for voice, *_ in lines[-5:]} == {"en-us" if language == "en" else "cmn"}
    sounds = sorted((tmp_path / "ear").glob("*.wav"))
    assert len(sounds) >= 20
    for sound in sounds[:: max(1, len(sounds) // 12)]:
        assert is_heard(sound), sound


def is_heard(path: Path) -> bool:
    """Longer than a click, and louder than silence."""
    with wave.open(str(path)) as sound:
        frames, rate = sound.getnframes(), sound.getframerate()
        samples = memoryview(sound.readframes(frames)).cast("h")
    return frames / rate > LEAST_S and max(map(abs, samples), default=0) > LEAST_LOUD

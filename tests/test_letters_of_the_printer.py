"""A printer without hanzi, on a machine with and without a font: what the clerk is told, and what comes out."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.devices.test_another_decoder import hanzi

pytestmark = pytest.mark.prove

CONFIG = """
[ledger]
mode = "training"
state_dir = "{folder}/state"
pepper = {{ file = "{folder}/pepper" }}
[providers]
[printer]
kind = "file"
path = "{folder}/paper"
model = "tm-t88v"
font = "{font}"
"""


def told(folder: Path, font: str, *words: str) -> str:
    """What `kiosk` says in a process that finds no font by itself."""
    (folder / "paper").mkdir(exist_ok=True)  # below /dev, where memory is, what is not there yet would be a device
    (folder / "config.toml").write_text(CONFIG.format(folder=folder, font=font), encoding="utf-8")
    nowhere = {"XDG_DATA_DIRS": str(folder), "XDG_DATA_HOME": str(folder), "KIOSK_CONFIG": str(folder / "config.toml")}
    done = subprocess.run(
        [sys.executable, "-m", "kiosk", *words], env=os.environ | nowhere, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


def test_without_a_font_the_clerk_is_told_that_such_receipts_are_in_english(tmp_path: Path) -> None:
    """By doctor, and by print-test in that language; nothing is said of English."""
    doctor, page = told(tmp_path, "", "doctor"), told(tmp_path, "", "print-test", "--lang", "zh")
    english = told(tmp_path, "", "print-test")

    assert "简体中文: the printer has no letters for it; such receipts are in English. Install fonts-wqy" in doctor
    assert "It has no letters for 简体中文, so its receipts are in English." in page
    assert "no letters" not in english


def test_with_a_font_hanzi_are_drawn(tmp_path: Path) -> None:
    """The same printer, and a font named in config.toml: nothing to tell, and pictures on the paper."""
    doctor, page = told(tmp_path, hanzi(), "doctor"), told(tmp_path, hanzi(), "print-test", "--lang", "zh")
    (paper,) = (tmp_path / "paper").glob("*.escpos")

    assert "no letters" not in doctor + page
    assert paper.read_bytes().count(b"\x1dv0") > 2

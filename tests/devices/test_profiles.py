"""What is said of each printer model, against what python-escpos lists of it."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import get_args

import pytest

from devices.profiles import MODELS, Profile
from kiosk.config import check
from kiosk.errors import ConfigError
from kiosk.tables import PrinterModel, PrinterTable

LISTED = json.loads((files("escpos") / "capabilities.json").read_text(encoding="utf-8"))["profiles"]
KNOWN = {name.lower(): listed for name, listed in LISTED.items() if name.lower() in MODELS}


def test_config_toml_knows_the_models_that_there_are() -> None:
    """No model that is named there lacks a profile, and none is hidden."""
    assert set(get_args(PrinterModel)) == set(MODELS)
    assert len(KNOWN) > 10


@pytest.mark.parametrize("model", sorted(KNOWN))
def test_a_model_is_as_python_escpos_lists_it(model: str) -> None:
    """Width, knife, QR codes and the numbers of the code pages; where the list is silent, ours stands."""
    ours, listed = MODELS[model], KNOWN[model]
    pages = {int(number): name.lower() for number, name in listed["codePages"].items()}

    assert ours.columns == listed["fonts"]["0"]["columns"]
    assert listed["media"]["width"]["pixels"] in (ours.dots, "Unknown")
    assert ours.native_qr <= listed["features"]["qrCode"]
    assert ours.cutter == listed["features"]["paperPartCut"]
    assert [(codec, pages[number]) for codec, number in ours.code_pages] == [
        (codec, codec) for codec, _ in ours.code_pages
    ]


def test_a_single_key_stands_above_the_model() -> None:
    """A TM-T20II with a Chinese font and narrow paper."""
    profile = Profile.of(PrinterTable(model="tm-t20ii", chinese=True, columns=42))

    assert (profile.chinese, profile.columns, profile.dots, profile.answers) == (True, 42, 576, True)
    assert Profile.of(PrinterTable()) == MODELS["generic-80mm"]


def test_a_model_that_nobody_knows_is_refused_with_those_that_are_known() -> None:
    """A slip of the pen is found before the first receipt."""
    with pytest.raises(ConfigError, match=r'printer\.model: expected one of "generic-58mm", "generic-80mm"'):
        check({"printer": {"model": "tm-t88"}}, "config.toml")

"""`kiosk settings`, and what else on the command line follows them."""

from __future__ import annotations

import json

import pytest

from tests.world import PIN, PLAN, SIM, World


@pytest.mark.prove
def test_a_setting_is_changed_listed_and_set_back_from_the_command_line(kiosk: World) -> None:
    """With a PIN; selling and the doctor follow; what cannot be is refused with an exit code of its own."""
    assert "as configured" in kiosk.run("doctor", code=kiosk_doctor_code(kiosk))
    assert "Out of service" in kiosk.run("settings", "set", "out_of_service", "back_soon", "--clerk", "mei", pin=PIN)
    assert 'out of service: "Back soon." since' in kiosk.run("doctor", code=kiosk_doctor_code(kiosk))
    refused = kiosk.run("sell", "--iccid", SIM, "--plan", PLAN, "--clerk", "mei", pin=PIN, code=6)
    assert 'It is out of service: "Back soon." since' in refused
    assert kiosk.orders() == []

    told = {each["key"]: each for each in json.loads(kiosk.run("settings", "--json"))}
    assert told["out_of_service"]["value"] == "back_soon"
    assert told["out_of_service"]["changed_by"] == "clerk:mei"
    kiosk.run("settings", "set", "volume", "75", "--clerk", "mei", pin="000000", code=4)
    assert "last way to pay" in kiosk.run("settings", "set", "tender.cash", "off", "--clerk", "mei", pin=PIN, code=9)
    assert "There is no setting colour" in kiosk.run("settings", "reset", "colour", "--clerk", "mei", code=9)
    assert "Customers can buy again" in kiosk.run("settings", "reset", "out_of_service", "--clerk", "mei", pin=PIN)
    assert "in service" in kiosk.run("settings")
    assert "whole" in kiosk.run("verify")


def kiosk_doctor_code(kiosk: World) -> int:
    """What the doctor says of this machine without settings: it has no screen, and perhaps no voice."""
    process = kiosk.start("doctor")
    process.communicate(timeout=60)
    return process.returncode

"""The first run, the clerks' page, everybody's own PIN, the audit's page, and who is signed in where."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk import staff
from kiosk.ledger import desk as clerks
from kiosk.ledger.terminals import who_is_where
from kiosk.sign_in import sign_in as checked
from screens.counter.audit import AuditScreen
from screens.counter.board import BoardScreen
from screens.counter.pin_form import PinFormScreen
from screens.counter.sign_in import SignInScreen
from tests.screens.counter.desk import PIN, WRONG, counter, reads, sign_in, tap
from tests.screens.room import NARROW, Room, seen, settled

NEW = "975310"


@pytest.fixture
def new(tmp_path: Path) -> Room:
    """A shop that nobody works in yet."""
    return Room(tmp_path)


async def to_page(pilot, key: str, title: str) -> None:  # type: ignore[no-untyped-def]
    await tap(pilot, "m")
    await reads(pilot, "What else?")
    await tap(pilot, key)
    await reads(pilot, title)


async def test_the_first_run_makes_the_owner_who_is_signed_in_then(new: Room) -> None:
    """By a PIN of their own, typed twice; one that anybody would guess is refused."""
    async with counter(new, NARROW, first="This kiosk has no owner yet") as pilot:
        await pilot.press(*"ada", "enter", *"123456", "enter", *"123456", "enter")
        await reads(pilot, "only count up or down")
        await pilot.press(*PIN, "enter", *PIN, "enter")
        await settled(pilot, lambda: isinstance(pilot.app.screen, BoardScreen), "the board")
        await reads(pilot, "ada is signed in", "ada at counter")
        assert PIN not in seen(pilot)

    assert [(row["name"], row["role"]) for row in clerks.clerks(new.ledger)] == [("ada", "owner")]
    assert [event["event"] for event in new.ledger.events()][1:] == ["clerk_added", "signed_in", "signed_out"]
    assert who_is_where(new.ledger, new.time.now()) == []
    new.close()


@pytest.mark.prove
async def test_who_is_slower_at_the_first_run_is_told_and_signs_in(new: Room) -> None:
    """Two terminals at once: one makes the owner."""
    async with counter(new, first="This kiosk has no owner yet") as pilot:
        await pilot.press(*"bob", "enter")
        staff.begin(new, "ada", PIN, PIN)
        await settled(pilot, lambda: isinstance(pilot.app.screen, SignInScreen), "to sign in")
        await reads(pilot, "Somebody became the owner at another terminal")
        await sign_in(pilot, "ada")
    new.close()


@pytest.mark.prove
async def test_clerks_without_an_owner_go_on_and_are_told(desk: Room) -> None:
    """Nobody becomes the owner by standing there."""
    async with counter(desk) as pilot:
        await reads(pilot, "This kiosk has no owner; everything else works", "kiosk clerk role NAME owner")
        await sign_in(pilot)
        await reads(pilot, "! Owner")


@pytest.mark.prove
async def test_the_owner_adds_changes_and_disables_with_their_own_pin(new: Room) -> None:
    """Each by one key, at 80 by 24; each is on record with the owner's name."""
    staff.begin(new, "ada", PIN, PIN)
    async with counter(new, NARROW) as pilot:
        await sign_in(pilot, "ada")
        await to_page(pilot, "k", "Who works here?")
        await reads(pilot, "ada", "owner", "signed in at counter")
        await tap(pilot, "a")
        await settled(pilot, lambda: isinstance(pilot.app.screen, PinFormScreen), "the form")
        await pilot.press(*"bob", "enter", *"clerk", "enter", *WRONG, "enter", *NEW, "enter", *NEW, "enter")
        await reads(pilot, "do not match")
        await pilot.press(*PIN, "enter", *NEW, "enter", *NEW, "enter")
        await reads(pilot, "bob is added, as clerk")
        await reads(pilot, "bob clerk added 2")
        await tap(pilot, "down")
        for key, typed, told in (("r", "supervisor", "bob is supervisor now"), ("d", "", "bob is disabled")):
            await tap(pilot, key)
            await settled(pilot, lambda: isinstance(pilot.app.screen, PinFormScreen), "the form")
            await pilot.press(*typed, *(["enter"] if typed else []), *PIN, "enter")
            await reads(pilot, told)

    acts = [(event["event"], event["by"]) for event in new.ledger.events() if event["event"].startswith("clerk_")]
    assert acts[1:] == [(f"clerk_{what}", "clerk:ada") for what in ("added", "role", "disabled")]
    new.close()


@pytest.mark.prove
async def test_everybody_changes_their_own_pin_and_no_page_of_another_role_opens(desk: Room) -> None:
    """A clerk has neither the clerks' page nor the audit, and is told whom they take."""
    async with counter(desk) as pilot:
        await sign_in(pilot)
        await tap(pilot, "m")
        await tap(pilot, "k")
        await reads(pilot, "Clerks: it takes the owner. You are signed in as clerk.")
        await tap(pilot, "u")
        await reads(pilot, "Audit: it takes the supervisor")
        await tap(pilot, "p")
        await reads(pilot, "My PIN")
        await pilot.press(*PIN, "enter", *NEW, "enter", *NEW, "enter")
        await reads(pilot, "You have a new PIN")

    assert checked(desk, "mei", NEW, "counter") == "clerk:mei"


@pytest.mark.prove
async def test_who_is_disabled_while_signed_in_is_locked_out(desk: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Within a sign of life."""
    monkeypatch.setattr("kiosk.presence.PULSE_S", 0.2)
    async with counter(desk) as pilot:
        await sign_in(pilot)
        staff.disable(desk, "mei", by="command line")
        await reads(pilot, "mei is no clerk here any more", "nobody is signed in")


@pytest.mark.prove
async def test_the_audit_is_filtered_and_exported(desk: Room) -> None:
    """Newest first, in words; to a file that its owner alone may read."""
    staff.change_role(desk, "mei", "supervisor", by="command line")
    async with counter(desk, NARROW) as pilot:
        await sign_in(pilot)
        await to_page(pilot, "u", "Who did what?")
        await settled(pilot, lambda: isinstance(pilot.app.screen, AuditScreen), "the audit")
        await reads(pilot, "signed in at counter", "made mei supervisor, who was clerk", "added bob as clerk")
        await tap(pilot, "f")
        await pilot.press(*"bob added", "enter")
        await settled(pilot, lambda: "supervisor" not in seen(pilot), "filtered")
        await reads(pilot, "added bob as clerk")
        await tap(pilot, "x")
        await reads(pilot, "It is in", "audit-")

    (table,) = (desk.config.state_dir / "audit").iterdir()
    assert table.read_text(encoding="utf-8").count("\n") == 2

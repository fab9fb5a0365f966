"""Printer and scanner: looked at, never printed on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kiosk.doctor import Line, Verdict
from kiosk.errors import ConfigError, DeviceError
from kiosk.fonts import face_for
from kiosk.paper import Condition
from kiosk.printing import shop_of
from kiosk.slips import printer_check
from kiosk.texts import LANGUAGES, printable, texts

if TYPE_CHECKING:
    from kiosk.assembly import House

ADVICE = {
    Condition.READY: "",
    Condition.NEAR_END: "Have a new roll at hand.",
    Condition.OUT: "Put in a new roll, and close the cover.",
    Condition.COVER: "Close its cover.",
    Condition.OFFLINE: "Press its feed or online button, and look at its lamp.",
    Condition.ERROR: "Look for jammed paper or a stuck knife; switch it off and on.",
    Condition.AWAY: "Is it on, its cable in, and what [printer] says true? Its self-test page shows address and speed.",
    Condition.UNKNOWN: "It prints, perhaps; what came out must be looked at: kiosk print-test.",
}

FONTS = "Install fonts-wqy-microhei, or name a font in [printer] font: then they are drawn."
LETTERS = "Install fonts-noto-cjk, which has them all, or name a font in [printer] font."
VOICE = "Install espeak-ng (and espeak-ng-data), or name another program in [voice] program."
SCANNER = "Is its cable in, and what [scanner] says true? Its user must be in the group of the device (ls -l)."


def printer(house: House) -> Iterator[Line]:
    """Nothing is printed for it."""
    made = house.printer
    if made is None:
        yield Line(
            "printer", Verdict.NOTE, "there is none: customers photograph the screen", "See [printer] in config.toml."
        )
        return
    state = made.look()
    said = f"{made.name}: {state.condition}" + (f" ({state.why})" if state.why else "")
    verdict = Verdict.FINE if state.condition is Condition.READY else Verdict.NOTE
    yield Line(
        "printer", verdict if state.condition.prints else Verdict.WRONG, printable(said), ADVICE[state.condition]
    )


def receipts(house: House) -> Iterator[Line]:
    """Whether each language's receipts come in that language."""
    made, config = house.printer, house.config
    for language in config.file.kiosk.languages if made else ():
        page = printer_check(shop_of(config, language), texts(language), config.zone, house.clock.now())
        if made and not made.can_say(page):
            said = f"{LANGUAGES[language]}: the printer has no letters for it; such receipts are in English"
            yield Line("receipts", Verdict.NOTE, said, FONTS)


def letters(house: House) -> Iterator[Line]:
    """Whether each language can be shown in large letters."""
    config = house.config
    for language in config.languages:
        if not all(char.isascii() or face_for(char, config.file.printer.font) for char in LANGUAGES[language]):
            said = f"{LANGUAGES[language]}: no font of this machine has it; F3 shows no large letters in it"
            yield Line("large letters", Verdict.NOTE, said, LETTERS)


def voice(house: House) -> Iterator[Line]:
    """Whether the screens can be read aloud, in each language."""
    from devices.speaking import found, lacks

    program = house.config.file.voice.program
    if not program:
        yield Line(
            "voice", Verdict.NOTE, "there is none: who does not see needs a clerk", "See [voice] in config.toml."
        )
        return
    missing = lacks(found(program)) if found(program) else list(LANGUAGES)
    for language in house.config.languages:
        if language in missing:
            said = f"{LANGUAGES[language]}: {program} does not speak it; F5 reads nothing aloud in it"
            yield Line("voice", Verdict.NOTE, said, VOICE)
    if not missing:
        yield Line("voice", Verdict.FINE, f"{program} speaks every language of this kiosk")


def scanner(house: House) -> Iterator[Line]:
    """One that types needs nothing; another is opened, and listened to for a moment."""
    table = house.config.file.scanner
    if table.kind == "keyboard":
        yield Line("scanner", Verdict.NOTE, "one that types is taken as it is; nobody can ask whether there is one")
        return
    if house.config.embedded:
        yield Line("scanner", Verdict.NOTE, "training's is simulated, and there while the kiosk runs")
        return
    try:
        from devices import scanner as opened

        made = opened(table)
        made.read(0.1)  # whatever was scanned meanwhile is thrown away: it may be money
        made.close()
    except (ConfigError, DeviceError) as error:
        yield Line("scanner", Verdict.WRONG, printable(str(error)).rstrip("."), SCANNER)
    else:
        yield Line("scanner", Verdict.FINE, f"{table.device}: it can be opened and read")

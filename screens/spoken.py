"""The screens said aloud, one sentence after the other: what stands there in its order, what changes, what is typed.

Arrows go from line to line, Enter chooses what is said or was gone to, every other key does what it does on the screen,
and any key ends what is being said. It must never say a PIN, or an address that somebody types.
"""

from __future__ import annotations

import re
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from textual.css.query import NoMatches
from textual.geometry import Offset

from kiosk.settings import USUAL_VOLUME
from kiosk.speech import LOUD, LOUDEST, QUIET, SLOWER, SLOWEST, USUAL, Sentence, Voice, sentences
from kiosk.texts import Texts, texts
from screens.frame import LANGUAGE, KioskScreen
from screens.large import LargePage
from screens.parts import Head, Notice
from screens.reading import Item, items

if TYPE_CHECKING:
    from screens.forms import Forms

LOOK_S = 0.1
PACES, LOUDNESSES = (USUAL, SLOWER, SLOWEST), (QUIET, LOUD, LOUDEST)
CLOCK = re.compile(r"\d+:\d\d(:\d\d)?")
"""What changes with every second is said when it is read, and not when it changes."""
KEYS = {"Esc": "Escape", "Del": "Delete", "?": ""}
CHOICE = re.compile("language-(.+)")
ANYWHERE = -1


class Reader:
    """Reads whichever screen is up. Kept by the program as long as the customer wants a voice."""

    def __init__(self, app: Forms, voice: Voice) -> None:
        self._app, self._voice = app, voice
        self._pace, self._loudness = PACES[0], LOUDNESSES[0]
        self._screen: KioskScreen[Any] | None = None
        self._items: list[Item] = []
        self._to_say: deque[tuple[int, Sentence]] = deque()
        self._notice = ""
        self.at = 0
        self._gone_to = False
        """Whether `at` is where the customer went, and not only where the voice is."""
        self._timer = app.set_interval(LOOK_S, self._look)
        self._tell(self._texts.say("Spoken mode. Arrow down: next. Arrow up: back. Enter: take what you hear."))
        self._tell(self._texts.say("F6: again. F7: slower. F8: louder. F5: no voice."))

    def stop(self) -> None:
        """Say no more, and read no more."""
        self._timer.stop()
        self._hush()

    # --- what is read ----------------------------------------------------------------------------------------

    @property
    def _texts(self) -> Texts:
        return texts(self._app.language)

    def _look(self) -> None:
        """Is there a screen, a notice, a word that was not there before? Then the next sentence, once it is quiet."""
        screen = self._app.screen
        if isinstance(screen, KioskScreen):
            with suppress(NoMatches):  # of one that is being taken down
                self._read(screen, items(screen))
                self._read_notice(screen.query_one(Notice))
        if self._to_say and not self._voice.speaks:
            place, sentence = self._to_say.popleft()
            if place != ANYWHERE:
                self._be_at(place)
            loudness = min(LOUDEST, self._loudness * self._app.following.settings.volume // USUAL_VOLUME)
            self._voice.begin(sentence, words_a_minute=self._pace, loudness=loudness)

    def _read(self, screen: KioskScreen[Any], read: list[Item]) -> None:
        before, self._items = self._items, read
        if screen is not self._screen:
            new = self._screen is not None
            self._screen, self.at, self._gone_to = screen, 0, False
            if new:
                self._hush()
            self._read_on(0)
            return
        self.at = max(0, min(self.at, len(read) - 1))
        known = {item.said for item in before}
        for place, item in enumerate(read):
            if item.typed and not screen.whispers:
                self._echo(next((old.said for old in before if old.typed), ""), item.said)
            elif item.said not in known and not item.typed and not CLOCK.fullmatch(item.said):
                self._add(place)

    def _read_on(self, first: int) -> None:
        """All from here on; and what is there that nobody hears."""
        for place in range(first, len(self._items)):
            self._add(place)
            if place == 0 and self._screen is not None:
                self._tell(self._unsaid(self._screen))

    def _unsaid(self, screen: KioskScreen[Any]) -> str:
        if screen.whispers:
            return self._texts.say("What you type here is not said aloud.")
        if any(code.display for code in screen.query("#qr")):
            return self._texts.say("A code to scan is on the screen: hold your phone about a hand before it.")
        return ""

    def _read_notice(self, notice: Notice) -> None:
        """At once: it may be that the screen is about to close."""
        said = re.sub(r"\d+", "", notice.said) if notice.display else ""
        if said and said != self._notice:
            self._hush()
            self._tell(notice.said)
        self._notice = said

    def _echo(self, before: str, now: str) -> None:
        """Each sign that is typed, and the last that is left where one was deleted."""
        old, new = _signs(before), _signs(now)
        if new == old:
            return
        added = new[len(old) :] if new.startswith(old) else ""
        deleted = self._texts.say("Deleted")
        self._tell(" ".join(added) if added else f"{deleted} {new[-1:]}")

    def _add(self, place: int) -> None:
        item = self._items[place]
        if item.typed and (self._screen is None or self._screen.whispers or not _signs(item.said)):
            return
        self._to_say += [(place, sentence) for sentence in self._sentences(item)]

    def _tell(self, words: str) -> None:
        self._to_say += [(ANYWHERE, sentence) for sentence in sentences(words, self._texts)]

    def _sentences(self, item: Item) -> list[Sentence]:
        """A language is said in itself."""
        found = CHOICE.fullmatch(item.widget.id or "") if item.widget else None
        language = texts(found[1]) if found else self._texts
        cap, gap, does = item.said.partition("  ")
        words = f"{KEYS.get(cap, cap)}{gap}{does}" if item.key else item.said
        words = words.replace(LANGUAGE, self._texts.say("Language"))
        return sentences(_signs(words) if item.typed else words, language)

    # --- keys ------------------------------------------------------------------------------------------------

    def take(self, key: str) -> str:
        """What this key is for the screen: another one, where it chooses; empty, where it was for the voice alone."""
        say, here = self._texts.say, self._items[self.at] if self.at < len(self._items) else None
        chooses = here is not None and here.key and not here.off and (self._gone_to or self._voice.speaks)
        self._hush()
        match key:
            case "down" | "up":
                self._go(1 if key == "down" else -1)
            case "f6":
                self._go(0)
            case "f7":
                self._pace = _next(PACES, self._pace)
                self._tell(say("Usual pace.") if self._pace == USUAL else say("Slower."))
            case "f8":
                self._loudness = _next(LOUDNESSES, self._loudness)
                self._tell(
                    self._texts.say("Usual loudness.") if self._loudness == QUIET else self._texts.say("Louder.")
                )
            case "enter" if chooses and here is not None:
                return here.key
            case _:
                self._gone_to = False
                return key
        return ""

    def _go(self, step: int) -> None:
        if not self._items:
            return
        self._gone_to = True
        self._be_at(min(max(0, self.at + step), len(self._items) - 1))
        self._add(self.at)

    def _be_at(self, place: int) -> None:
        """Here; the terminal's cursor stands there too, for braille displays."""
        self.at = place
        screen, item = self._screen, self._items[place] if place < len(self._items) else None
        if screen is None or item is None:
            return
        for page in screen.query(LargePage):
            page.go_to(place)
        if item.widget is not None and item.widget.region:
            self._app.cursor_position = Offset(item.widget.content_region.x, item.widget.content_region.y)
        with suppress(NoMatches):
            screen.query_one(Head).refresh()  # the cursor moves with the next paint

    def _hush(self) -> None:
        self._to_say.clear()
        self._voice.stop()


def _signs(typed: str) -> str:
    """What was typed of what is shown: without the dashes for what is to come."""
    return re.sub(r"[^\w@.+]|_", "", typed)


def _next(steps: tuple[int, ...], now: int) -> int:
    return steps[(steps.index(now) + 1) % len(steps)]

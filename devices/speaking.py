"""A voice: eSpeak NG, or a program with the same options. One sentence is one process; its text goes in by a pipe.

`espeak-ng -v VOICE -s WORDS_A_MINUTE -a LOUDNESS --stdin`, as its manual page has it (1.51). Nothing of what is said
stands in a process list.
"""

from __future__ import annotations

import logging
import shutil
import subprocess
from contextlib import suppress

from kiosk.languages import LANGUAGES
from kiosk.speech import Sentence

VOICES = {"zh": "cmn", "zh_Hant": "cmn", "en": "en-us", "es": "es-419", "fr": "fr-fr", "pt": "pt-br"}
"""eSpeak's names where they are others than ours."""

log = logging.getLogger(__name__)


class SpeakingProgram:
    """See `kiosk.speech.Voice`."""

    def __init__(self, program: str) -> None:
        self._program = program
        self._saying: subprocess.Popen[bytes] | None = None

    def begin(self, sentence: Sentence, *, words_a_minute: int, loudness: int) -> None:
        self.stop()
        voice = VOICES.get(sentence.language, sentence.language)
        command = [self._program, "-v", voice, "-s", str(words_a_minute), "-a", str(loudness), "--stdin"]
        nowhere = subprocess.DEVNULL  # its complaints would stand in the middle of the screen
        try:
            self._saying = subprocess.Popen(  # noqa: S603 - the owner's program, and options of our own
                command, stdin=subprocess.PIPE, stdout=nowhere, stderr=nowhere
            )
            if self._saying.stdin is not None:
                with suppress(BrokenPipeError), self._saying.stdin as pipe:
                    pipe.write(sentence.text.encode())
        except OSError as error:
            log.warning("the voice %s cannot be started: %s", self._program, error.strerror)

    @property
    def speaks(self) -> bool:
        return self._saying is not None and self._saying.poll() is None

    def stop(self) -> None:
        saying, self._saying = self._saying, None
        if saying is not None and saying.poll() is None:
            saying.kill()
        if saying is not None:
            saying.wait()


def found(program: str) -> str:
    """The program's path; empty where this machine has none of that name."""
    return (shutil.which(program) or "") if program else ""


def lacks(program: str) -> list[str]:
    """The languages of the kiosk that it has no voice for; all of them where it does not answer."""
    try:
        told = subprocess.run(  # noqa: S603 - the owner's program
            [program, "--voices"], capture_output=True, text=True, timeout=10, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return [*LANGUAGES]
    known = {words[1] for line in told.splitlines()[1:] if len(words := line.split()) > 1}
    return [language for language in LANGUAGES if VOICES.get(language, language) not in known]

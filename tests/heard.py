"""What a customer hears: a program in the place of eSpeak's that writes down what it is to say, and how.

Where eSpeak NG is installed and asked for, it says each sentence too: into a sound file.
"""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path

PROGRAM = """#!/bin/sh
# Takes what espeak-ng takes here, and nothing else: a voice, a pace, a loudness, and text on standard input.
[ "$1 $3 $5 $7" = "-v -s -a --stdin" ] || exit 1
text=$(cat)
[ -z "{espeak}" ] || printf '%s' "$text" | "{espeak}" "$@" -w "{folder}/$(date +%s%N).wav"
printf '%s\\t%s\\t%s\\t%s\\n' "$2" "$4" "$6" "$text" >> "{folder}/heard"
sleep {pause}
"""


@dataclass
class Ear:
    """Hears what the program at `path` says. `pause_s` is how long a sentence takes."""

    folder: Path
    pause_s: float = 0.05
    sound: bool = False
    _from: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.folder.mkdir()
        espeak = shutil.which("espeak-ng") or "" if self.sound else ""
        assert espeak or not self.sound, "espeak-ng is not installed (make voice)"
        self.path.write_text(PROGRAM.format(folder=self.folder, espeak=espeak, pause=self.pause_s), encoding="utf-8")
        self.path.chmod(0o755)
        (self.folder / "heard").touch()

    @property
    def path(self) -> Path:
        return self.folder / "voice"

    def lines(self) -> list[list[str]]:
        """Voice, pace, loudness and words of each sentence so far."""
        return [line.split("\t") for line in (self.folder / "heard").read_text(encoding="utf-8").splitlines()]

    def said(self) -> list[str]:
        return [line[3] for line in self.lines()]

    def wait_for(self, words: str, seconds: float = 30.0) -> str:
        """Until a sentence with these words is heard, after the last one that was waited for; that sentence."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for place, sentence in enumerate(self.said()[self._from :], start=self._from):
                if words in sentence:
                    self._from = place + 1
                    return sentence
            time.sleep(0.05)
        raise AssertionError(f"never heard {words!r}, but {self.said()[self._from :]}")

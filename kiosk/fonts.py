"""A font for what a printer cannot say by itself: found where Linux keeps fonts, or named in config.toml.

Nothing is shipped: Debian's `fonts-wqy-microhei` (Apache-2.0 or GPL-3 with font exception, 5 MB) has Chinese and
Japanese, `fonts-noto-cjk` (OFL-1.1, 91 MB) Korean as well. Pillow is loaded when the first picture is drawn.
"""

from __future__ import annotations

import logging
import os
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

# By file name, best first, with the number of the face in the file: the fixed-width one, where it has one.
KNOWN = (
    ("NotoSansCJK-Regular.ttc", 7),
    ("NotoSansCJKsc-Regular.otf", 0),
    ("SourceHanSansSC-Regular.otf", 0),
    ("wqy-microhei.ttc", 1),
    ("wqy-zenhei.ttc", 1),
    ("unifont.otf", 0),
    ("DroidSansFallbackFull.ttf", 0),
    ("DejaVuSansMono.ttf", 0),
)
MISSING = "\U0010fffe"  # no font has a glyph for it: what is drawn is the box that stands for one

log = logging.getLogger(__name__)


class Face:
    """One face of a font file, at any size."""

    def __init__(self, path: Path, index: int = 0) -> None:
        """Raises OSError where the file is not a font."""
        self.path, self._index = path, index
        self._sizes: dict[int, FreeTypeFont] = {}
        self._has: dict[str, bool] = {}
        self.at(24)

    def at(self, size: int) -> FreeTypeFont:
        from PIL import ImageFont  # costs 30 ms: not before something is drawn

        if size not in self._sizes:
            self._sizes[size] = ImageFont.truetype(self.path, size, self._index, layout_engine=ImageFont.Layout.BASIC)
        return self._sizes[size]

    def has(self, char: str) -> bool:
        """Whether there is a glyph for it, and not the box for those that are missing."""
        if char not in self._has:
            self._has[char] = bytes(self.at(24).getmask(char)) != self._box
        return self._has[char]

    @cached_property
    def _box(self) -> bytes:
        return bytes(self.at(24).getmask(MISSING))


def folders() -> list[Path]:
    """Where fontconfig looks: the system's folders, and the user's own."""
    home = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    shared = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    return [home / "fonts", *(Path(folder) / "fonts" for folder in shared.split(":"))]


@cache
def faces(configured: str) -> tuple[Face, ...]:
    """The faces to draw with, best first: the configured one alone, or what is found. Empty where there is none."""
    if configured:
        return tuple(_opened(Path(configured).expanduser(), 0))
    installed = {path.name: path for folder in reversed(folders()) for path in folder.rglob("*.[ot]t[cf]")}
    return tuple(face for name, index in KNOWN if name in installed for face in _opened(installed[name], index))


def _opened(path: Path, index: int) -> list[Face]:
    try:
        return [Face(path, index)]
    except (OSError, ValueError) as error:
        log.warning("the font %s cannot be used: %s", path, error)
        return []


def face_for(char: str, configured: str) -> Face | None:
    """The first face that has a glyph for this character."""
    return next((face for face in faces(configured) if face.has(char)), None)

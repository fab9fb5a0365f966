"""The files that hold secrets, as the configuration names them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kiosk.tables import File


def secret_files(file: File) -> Iterator[Path]:
    """Each of them once, whether it is there or not. A secret that lies in a file is a table of one key, `file`."""
    tables = [file.providers, file.tenders, file.messages]
    told = [value for kinds in tables for table in kinds.values() for value in table.values()]
    files = [value["file"] for value in told if _is_secret(value)]
    yield from dict.fromkeys(Path(name).expanduser() for name in (file.ledger.pepper.file, *files) if name)


def _is_secret(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {"file"}

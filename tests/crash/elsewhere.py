"""The sandbox as a process of its own: it survives whatever is killed, and its clock runs ahead with the kiosk's.

`python -m tests.crash.elsewhere FOLDER` serves the books in FOLDER, and tells its address first.
"""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kiosk.clock import SteadyClock, uptime_s
from kiosk.sandbox.server import Sandbox


class Ahead:
    """Time that has been let go by: seconds in a file, which every process reads."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def by_s(self) -> float:
        return float(self.path.read_text())

    def go_on(self, **how_long: float) -> None:
        new = self.path.with_suffix(".new")
        new.write_text(str(self.by_s + timedelta(**how_long).total_seconds()))
        new.replace(self.path)  # at once, for whoever reads meanwhile

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.by_s)

    def clock(self) -> SteadyClock:
        """A kiosk's clock within this process."""
        return SteadyClock(self.now, lambda: uptime_s() + self.by_s)


class Elsewhere:
    """The sandbox of the books in `folder`, running."""

    def __init__(self, folder: Path) -> None:
        self.ahead = Ahead(folder / "ahead")
        self.ahead.path.write_text("0")
        command = [sys.executable, "-m", "tests.crash.elsewhere", str(folder)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout
        self.url = self._process.stdout.readline().strip()
        assert self.url, "the sandbox did not start"

    def stop(self) -> None:
        self._process.kill()
        self._process.communicate()


def main() -> None:
    folder = Path(sys.argv[1])
    sandbox = Sandbox(folder / "sandbox.db", limits=False, clock=Ahead(folder / "ahead").now)
    print(sandbox.url, flush=True)  # noqa: T201
    sandbox.serve_forever()


if __name__ == "__main__":
    main()

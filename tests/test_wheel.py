"""The built wheel is whole: it installs into an empty environment, and sells."""

from __future__ import annotations

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from tests.world import PIN, World

ROOT = Path(__file__).parent.parent


def run(*command: str | Path, cwd: Path = ROOT) -> None:
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.prove
def test_the_built_wheel_is_whole_and_sells_from_an_empty_environment(kiosk: World, tmp_path: Path) -> None:
    """With the locked dependencies and the wheel alone, away from the sources, a sale ends delivered."""
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path / "dist")
    wheel = next((tmp_path / "dist").glob("*.whl"))
    carries_what_the_code_reads(wheel)
    python = tmp_path / "venv" / "bin" / "python"
    venv.create(tmp_path / "venv", with_pip=True)
    pip = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    run(*pip, "--require-hashes", "-r", ROOT / "requirements.lock")
    run(*pip, "--no-deps", wheel)
    sold = subprocess.run(
        [str(python.parent / "kiosk"), *kiosk.sell_arguments("--lang", "zh")],
        cwd=tmp_path, env=kiosk.env, input=PIN + "\n", capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert sold.returncode == 0, sold.stdout + sold.stderr
    assert kiosk.orders()[0]["state"] == "COMPLETED"
    assert "充值成功" in kiosk.twin.receipts[0]


def carries_what_the_code_reads(wheel: Path) -> None:
    """Configuration, catalogues and style sheets are package data."""
    names = zipfile.ZipFile(wheel).namelist()
    data = [
        p
        for folder in ("kiosk", "screens", "devices")
        for p in (ROOT / folder).rglob("*")
        if p.suffix in (".po", ".toml", ".tcss", ".html", ".css", ".js")
    ]

    assert [str(path.relative_to(ROOT)) for path in data if str(path.relative_to(ROOT)) not in names] == []
    assert {"kiosk/config.toml", "kiosk/train/clerk.md"} <= set(names)

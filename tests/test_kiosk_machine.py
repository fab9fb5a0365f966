"""docs/kiosk-machine.md: what it has people install is sound, as far as this can be said without a machine."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from kiosk.cli import group

DOCS = Path(__file__).parent.parent / "docs"
MACHINE = DOCS / "machine"
UNITS = sorted(path for path in MACHINE.iterdir() if path.suffix in (".service", ".timer"))
FOOT_ACTIONS = {
    "scrollback-up-page", "clipboard-copy", "clipboard-paste", "primary-paste", "search-start", "font-increase",
    "font-decrease", "font-reset", "spawn-terminal", "pipe-visible", "pipe-scrollback", "pipe-selected",
    "show-urls-launch", "show-urls-copy", "show-urls-persistent", "unicode-input",
}  # fmt: skip
"""What foot does by a key, and a customer must not (foot.ini(5) of foot 1.13)."""


@pytest.mark.prove
@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd")
@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_systemd_takes_each_unit_without_a_word(unit: Path, tmp_path: Path) -> None:
    """No key is unknown, no value wrong; the programs that it starts are elsewhere."""
    for each in UNITS:
        text = re.sub(
            r"/usr/bin/(cage|curl)|/opt/kiosk/\.venv/bin/kiosk", "/bin/true", each.read_text(encoding="utf-8")
        )
        (tmp_path / each.name).write_text(text, encoding="utf-8")

    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", tmp_path / unit.name], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.prove
@pytest.mark.skipif(not shutil.which("foot"), reason="needs foot")
def test_the_terminal_takes_its_settings() -> None:
    """As foot itself checks them."""
    done = subprocess.run(
        ["foot", "--check-config", "--config", MACHINE / "foot.ini"], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr


def test_no_key_of_the_terminal_leads_out() -> None:
    """Each thing that foot does by a key is off."""
    keys = (MACHINE / "foot.ini").read_text(encoding="utf-8").partition("[key-bindings]")[2].partition("[")[0]
    off = dict(line.split("=") for line in keys.split() if "=" in line)

    assert set(off) >= FOOT_ACTIONS
    assert set(off.values()) == {"none"}


def test_every_file_is_installed_by_the_page_to_where_it_says() -> None:
    """Nothing lies there that nobody is told to install, and nothing is named that is not there."""
    page = (DOCS / "kiosk-machine.md").read_text(encoding="utf-8")
    named = set(re.findall(r"docs/machine/([\w*.-]+)", page))
    globs = {path.name for pattern in named for path in MACHINE.glob(pattern)}

    assert globs == {path.name for path in MACHINE.iterdir()}
    assert all((MACHINE / name).exists() for name in named if "*" not in name)


def test_every_service_is_shut_in() -> None:
    """It may not gain rights, change the system, or leave a core file with secrets in it."""
    demanded = {"NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes", "LimitCORE=0", "UMask=0077"}
    demanded |= {"CapabilityBoundingSet="}

    for path in MACHINE.glob("*.service"):
        user = "kiosk-page" if path.name == "kiosk-page.service" else "kiosk"
        assert demanded | {f"User={user}"} <= set(path.read_text(encoding="utf-8").splitlines()), path.name


def test_the_browser_may_show_the_kiosk_and_nothing_else() -> None:
    """Its policy and its unit name one address, the one that `kiosk serve` listens at."""
    policy = json.loads((MACHINE / "chromium.json").read_text(encoding="utf-8"))
    unit = (MACHINE / "kiosk-page.service").read_text(encoding="utf-8")
    address = "http://127.0.0.1:8760"

    assert (policy["URLBlocklist"], policy["URLAllowlist"]) == (["*"], [address])
    assert policy["DeveloperToolsAvailability"] == 2
    assert f"--app={address}/ --kiosk" in unit
    assert "Default: 8760" in CliRunner().invoke(group, ["serve", "--help"]).output

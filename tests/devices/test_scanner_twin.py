"""The simulated scanner: it frames, cuts up and loses codes as a real one does."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from devices.scanner_twin import Manner, ScannerTwin

CODE = "8900000461442300635"


def opened(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_NOCTTY)


def is_gone(line: int) -> bool:
    """The end of the file or an error, as the kernel likes."""
    try:
        return os.read(line, 1) == b""
    except OSError:
        return True


@pytest.mark.parametrize(
    ("suffix", "sent"),
    [
        ("cr", b"]C1" + CODE.encode() + b"\r"),
        ("crlf", b"]C1" + CODE.encode() + b"\r\n"),
        ("etx", b"\x02]C1" + CODE.encode() + b"\x03"),
        ("none", b"]C1" + CODE.encode()),
    ],
)
def test_a_code_is_framed_as_the_scanner_is_set_up(suffix: str, sent: bytes) -> None:
    """Prefix and suffix stand where a real scanner puts them."""
    with ScannerTwin(Manner(suffix, prefix="]C1")) as twin:
        line = opened(twin.path)
        twin.scan(CODE)

        assert os.read(line, 100) == sent
        os.close(line)


def test_a_code_in_pieces_is_more_than_one_read() -> None:
    """A serial line hands over what has come so far."""
    with ScannerTwin(Manner(piece=8, pause_s=0.0)) as twin:
        line = opened(twin.path)
        twin.scan(CODE)
        got = b""
        while not got.endswith(b"\r"):
            got += os.read(line, 8)

        assert got == CODE.encode() + b"\r"
        os.close(line)


def test_a_pulled_cable_ends_the_line_and_the_link_leads_to_the_next(tmp_path: Path) -> None:
    """Whoever reads learns that it is gone; under the same name there is a line again later."""
    link = tmp_path / "not made yet" / "scanner"
    with ScannerTwin(link=link) as twin:
        line = opened(link)
        twin.pull()
        assert is_gone(line)
        os.close(line)
        assert not link.is_symlink()

        twin.scan(CODE)  # into nothing
        twin.plug()
        line = opened(link)
        twin.scan("again")

        assert os.read(line, 100) == b"again\r"
        os.close(line)
    assert not link.is_symlink()


@pytest.mark.prove
def test_each_line_typed_is_a_scan(tmp_path: Path) -> None:
    """The command says where its line is, sends what is typed, and pulls its own cable."""
    link = tmp_path / "scanner"
    command = [sys.executable, "-m", "kiosk", "devices", "simulate", "scanner", "--link", str(link), "--burst", "2"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as twin:
        assert twin.stdin
        assert twin.stdout
        assert str(link) in twin.stdout.readline()
        line = opened(link)
        twin.stdin.write(f"{CODE}<GS>1\n")
        got = b""
        while got.count(b"\r") < 2:
            assert select.select([line], [], [], 10)[0], "nothing was sent"
            got += os.read(line, 100)
        twin.stdin.write("!pull\n")
        assert is_gone(line)
        os.close(line)
        twin.send_signal(signal.SIGTERM)

    assert got == f"{CODE}\x1d1\r".encode() * 2

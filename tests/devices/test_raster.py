"""Pictures on a receipt: letters that a printer lacks, logos, QR codes. The font comes with python-escpos."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib import resources
from pathlib import Path

import pytest
import zxingcpp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from devices import raster
from devices.encode import can_say, escpos
from devices.paper import Paper
from devices.photo import photograph
from devices.profiles import MODELS, Profile
from kiosk.receipt import Document, Kind, Logo, Paragraph, Qr, Row, Title

REAL_TIME = re.compile(rb"\x10[\x04\x05\x14]")
BARE = Profile(columns=32, chinese=False, native_qr=False, cutter=True, dots=384, code_pages=())


@pytest.fixture
def font() -> str:
    return str(resources.files("barcode") / "fonts" / "DejaVuSansMono.ttf")


def on_paper(*blocks: Title | Paragraph | Row | Logo | Qr, profile: Profile) -> Paper:
    paper = Paper()
    paper.feed(escpos(Document(Kind.TEST, "en", blocks), profile))
    return paper


def test_only_the_line_that_the_printer_cannot_say_is_a_picture(font: str) -> None:
    """Cropped to its ink: lower than a line, and no wider than its words. All else stays text."""
    paper = on_paper(Paragraph("Total"), Paragraph("café"), Paragraph("Done"), profile=replace(BARE, font=font))
    (picture,) = paper.pictures

    assert paper.receipts == ["Total\nDone"]
    assert picture.bytes_wide * 8 <= 4 * 12 + 8
    assert len(picture.data) // picture.bytes_wide < 24
    assert paper.unknown == []


def test_a_row_in_a_picture_ends_at_the_right_edge(font: str) -> None:
    """Amounts stand under one another, drawn or printed."""
    paper = on_paper(Row("Réglé", "$17.50", bold=True), profile=replace(BARE, font=font))
    (picture,) = paper.pictures

    assert 384 - 12 <= picture.bytes_wide * 8 <= 384


def test_a_font_makes_readable_what_was_not(font: str) -> None:
    """The same paper with and without one; a letter that the font has not either is a question mark."""
    document = Document(Kind.TEST, "fr", (Paragraph("ŝ"), Title("ø")))

    assert can_say(document, replace(BARE, font=font))
    assert not can_say(document, replace(BARE, font="/dev/null"))
    assert on_paper(Paragraph("中 ok"), profile=replace(BARE, font=font)).receipts == ["? ok"]


@given(data=st.binary(max_size=400))
def test_no_picture_holds_a_real_time_command(data: bytes) -> None:
    """Whatever the ink: only dots are added, and only where a command would be."""
    made = raster.harmless(data)

    assert not REAL_TIME.search(made)
    assert len(made) == len(data)
    assert all(new & old == old for new, old in zip(made, data, strict=True))
    assert made == data or REAL_TIME.search(data)


@given(text=st.text(alphabet=st.characters(max_codepoint=0x24F), max_size=60))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_commands_the_printer_through_a_picture(font: str, text: str) -> None:
    """The whole job, pictures and all: no command in it that is not ours."""
    profile = replace(BARE, font=font)
    job = escpos(
        Document(Kind.TEST, "en", (Title(text), Row(text, text, small=text), Paragraph(text, small=True))), profile
    )
    paper = Paper()
    paper.feed(job)

    assert not REAL_TIME.search(job)
    assert (paper.unknown, paper.drawer_kicks, len(paper.receipts)) == ([], 0, 1)


def a_logo(path: Path, size: tuple[int, int] = (200, 60), mode: str = "RGBA") -> str:
    picture = Image.new(mode, size)
    ImageDraw.Draw(picture).rectangle((10, 10, 150, 50), fill="black" if mode != "1" else 1)
    picture.save(path)
    return str(path)


@pytest.mark.parametrize("mode", ["RGBA", "L", "1", "P"])
def test_a_logo_is_printed_in_black_and_white_within_its_paper(tmp_path: Path, mode: str) -> None:
    """What is transparent is paper; what is wider than the paper is made narrower."""
    paper = on_paper(Logo(a_logo(tmp_path / f"{mode}.png", (900, 200), mode)), profile=BARE)
    (picture,) = paper.pictures

    assert picture.bytes_wide * 8 <= 384
    assert len(picture.data) // picture.bytes_wide <= 256
    assert picture.area.centred


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n", b"\x1bp\x00\x19\x19", None])
def test_a_logo_that_went_bad_costs_no_receipt(tmp_path: Path, content: bytes | None) -> None:
    """Cut short, replaced or gone since the start: the paper comes without it."""
    path = tmp_path / "logo.png"
    if content is not None:
        path.write_bytes(content)

    paper = on_paper(Logo(str(path)), Paragraph("Paid"), profile=BARE)

    assert (paper.receipts, paper.pictures, paper.unknown) == (["Paid"], [], [])


@given(rows=st.lists(st.sampled_from([0x1004, 0x1005, 0x1014, 0xFFFF]), min_size=1, max_size=60))
@settings(max_examples=25)
def test_no_logo_commands_the_printer(tmp_path_factory: pytest.TempPathFactory, rows: list[int]) -> None:
    """Drawn by somebody who knows what `DLE DC4 8` does to a printer."""
    path = tmp_path_factory.mktemp("logo") / "logo.png"
    bits = b"".join(row.to_bytes(2, "big") for row in rows)
    inverted = bytes(byte ^ 0xFF for byte in bits)  # in a PNG of one bit, 1 is white
    Image.frombytes("1", (16, len(rows)), inverted).save(path)

    job = escpos(Document(Kind.TEST, "en", (Logo(str(path)),)), BARE)

    assert b"\x1dv0" in job
    assert not REAL_TIME.search(job)


@pytest.mark.parametrize("model", ["generic-58mm", "generic-80mm", "tm-t88v"])
def test_a_real_decoder_reads_the_qr_code_on_the_paper(model: str) -> None:
    """Drawn by the printer or by us, between other lines, with its quiet zone."""
    profile = MODELS[model]
    paper = on_paper(Paragraph("#" * 32), Qr("K077Q3F9XKD2MWB"), Paragraph("#" * 32), profile=profile)
    (found,) = zxingcpp.read_barcodes(photograph(paper.sheets[0], profile.dots, "/dev/null"))

    assert found.text == "K077Q3F9XKD2MWB"

"""Every kind of receipt in every language, read by a decoder that nobody here wrote: npos, of the Node world.

Node comes from Debian and npos from the npm registry where they are missing; so this is one of the long proofs.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from devices.alphabet import said
from devices.encode import can_say, escpos
from devices.paper import Paper
from devices.profiles import MODELS, Profile
from kiosk.bilingual import bilingual
from kiosk.order import State
from kiosk.receipt import Document, Kind, Paragraph, Row, Title
from kiosk.slips import Closing, Sums, closing, printer_check
from kiosk.texts import LANGUAGES, texts
from tests.receipts import AT, HEAD, NEW_YORK, ORDER, SHOP, printed, usd
from tests.test_receipt import CARD

pytestmark = pytest.mark.prove

HERE = Path(__file__).parent
HANZI = "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc"
OURS = {
    "ESC@", "ESCa", "ESCE", "ESCM", "ESCt", "ESCJ", "ESCd", "FS&", "FS.", "GS!", "GSL", "GSW", "GSV", "GS(k", "GSv0",
}  # fmt: skip


@pytest.fixture(scope="module")
def npos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with npos in it."""
    if not (shutil.which("node") and shutil.which("npm")):
        subprocess.run(["apt-get", "update", "-q"], check=True)
        subprocess.run(["apt-get", "install", "-y", "-q", "nodejs", "npm"], check=True)
    folder = tmp_path_factory.mktemp("npos")
    flags = ["--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(["npm", "install", "--prefix", str(folder), "npos@0.1.19", *flags], check=True)
    shutil.copy(HERE / "read_with_npos.js", folder)
    return folder


def read(npos: Path, jobs: list[bytes]) -> list[dict[str, Any]]:
    encoded = json.dumps([b64encode(job).decode() for job in jobs])
    done = subprocess.run(
        ["node", str(npos / "read_with_npos.js")], input=encoded, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def papers(language: str) -> Iterator[Document]:
    """Every kind of paper there is, in this language, with the clerk's words in another."""
    words, clerk = texts(language), "en" if language != "en" else "zh"
    wallet = structs.replace(ORDER, tender="wechat", state=State.REFUNDED, refunded_at=AT, payment_number="42000012")
    card = structs.replace(ORDER, tender="card", card=CARD, network="T-Mobile USA")
    for order in (*(structs.replace(ORDER, state=state) for state in State), wallet, card):
        own, other = (printed(structs.replace(order, language=each), SHOP) for each in (language, clerk))
        yield bilingual(own, other)
    copy = printed(structs.replace(ORDER, language=language), SHOP)
    yield replace(copy, blocks=(Title(words.say("COPY")), *copy.blocks))
    sums = (Sums(words.say("Total"), (("Cash", usd(1750)),), usd(1750)),)
    for closed_at in (AT, None):
        done = Closing("1", "ana", AT - timedelta(hours=8), closed_at, sums)
        yield closing(done, SHOP, HEAD, words, NEW_YORK, AT)
    yield printer_check(SHOP, words, NEW_YORK, AT)


def pieces(document: Document) -> Iterator[str]:
    for block in document.blocks:
        match block:
            case Title(text) | Paragraph(text):
                yield text
            case Row(key, value):
                yield from (key, value)


def squeezed(text: str) -> str:
    return "".join(text.replace("\xa0", " ").split())


def on_paper(job: bytes) -> Paper:
    paper = Paper()
    paper.feed(job)
    return paper


def test_there_is_no_kind_of_paper_that_is_not_read() -> None:
    """What is added later is proved here, too."""
    assert {paper.kind for paper in papers("en")} == set(Kind)


@pytest.mark.parametrize("model", ["generic-58mm", "generic-80mm", "xp-80"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_paper_in_the_printers_own_letters_reads_the_same(npos: Path, language: str, model: str) -> None:
    """Every word of the document is there, in its order of lines, as the twin has it; and no command but ours."""
    profile = replace(MODELS[model], font="/dev/null")
    documents = list(papers(language))
    jobs = [escpos(document, profile) for document in documents]

    for document, job, found in zip(documents, jobs, read(npos, jobs), strict=True):
        twin = on_paper(job)
        assert [line for line in found["text"].split("\n") if line] == [
            line for line in twin.receipts[0].split("\n") if line
        ]
        words = squeezed(found["text"])
        assert [piece for piece in pieces(document) if squeezed(said(piece, profile)) not in words] == []
        assert set(found["commands"]) <= OURS
        assert twin.unknown == []
        assert len(job) < 2200


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_paper_that_must_be_drawn_has_the_same_dots(npos: Path, language: str) -> None:
    """A western printer with a font to draw hanzi: the other decoder finds the pictures that the twin prints."""
    profile: Profile = replace(MODELS["tm-t88v"], font=hanzi())
    documents = list(papers(language))
    jobs = [escpos(document, profile) for document in documents]

    foreign = not all(can_say(document, replace(profile, font="/dev/null")) for document in documents)
    assert any(on_paper(job).pictures for job in jobs) == foreign
    for job, found in zip(jobs, read(npos, jobs), strict=True):
        twin = on_paper(job)
        assert len(twin.pictures) == len(found["pictures"])
        for picture, other in zip(twin.pictures, found["pictures"], strict=True):
            dots = "".join(f"{byte:08b}" for byte in picture.data)
            assert (other["width"], other["dots"]) == (picture.bytes_wide * 8, dots)
        assert set(found["commands"]) <= OURS
        assert "?" not in found["text"]


def hanzi() -> str:
    """A font with hanzi, from Debian where it is missing."""
    if not Path(HANZI).exists():
        subprocess.run(["apt-get", "update", "-q"], check=True)
        subprocess.run(["apt-get", "install", "-y", "-q", "fonts-wqy-microhei"], check=True)
    return HANZI

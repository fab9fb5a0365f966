"""What a page loads comes from its own host, and only its own pages are listened to."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest

from kiosk.assembly import build
from kiosk.hardware import SILENT
from kiosk.web.address import Address, NotSafe
from kiosk.web.place import Size
from kiosk.web.site import PAGE, STATIC, WEBGL
from tests.web.server import served
from tests.world import World


@pytest.fixture
def door(kiosk: World) -> Iterator[httpx.Client]:
    with served(kiosk) as server, httpx.Client(base_url=server.url, follow_redirects=True) as client:
        yield client


def test_all_that_a_page_names_is_served_by_its_own_host(door: httpx.Client) -> None:
    """And a browser is forbidden to ask any other one."""
    page = door.get("/")
    named = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    style = door.get("/page/page.css").text

    assert len(named) >= 4
    for address in [name for name in named if not name.startswith("data:")]:
        assert door.get(page.url.join(address)).status_code == 200, address
    for address in re.findall(r'url\("([^"]+)"\)', style):
        assert door.get(page.url.join("/page/page.css").join(address)).status_code == 200, address
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "http:" not in page.headers["content-security-policy"]


def test_nothing_of_ours_names_another_host() -> None:
    """Neither the page, nor its style, nor its script, nor what it takes from textual-serve."""
    ours = [path for path in PAGE.iterdir() if path.suffix in (".html", ".css", ".js")]
    taken = [STATIC / name for name in ("js/textual.js", "css/xterm.css")]

    assert len(ours) == 3
    for path in ours + taken:
        text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
        assert not re.search(r"""["'(]https?://(?!www\.w3\.org)""", text), path.name


def test_a_page_paints_without_a_graphics_card(door: httpx.Client) -> None:
    """What textual-serve would try first is taken out, and nothing else."""
    original = (STATIC / "js" / "textual.js").read_text(encoding="utf-8")
    served_script = door.get("/page/textual.js").text

    assert original.count(WEBGL) == 1
    assert served_script == original.replace(WEBGL, "")
    assert "this.terminal.loadAddon(this.canvasAddon)" in served_script


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Origin": "https://evil.example"},
        {"Host": "evil.example:1", "Origin": "http://evil.example:1"},
    ],
)
def test_a_web_site_elsewhere_is_not_listened_to(door: httpx.Client, headers: dict[str, str]) -> None:
    """Whether it sends its own name to this machine, or its pages to this address."""
    line = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "a" * 22 + "==",
    }
    token = door.get("/").url.path

    assert door.get("/", headers=headers).status_code == 403
    assert door.get(f"{token}ws", headers=headers | line).status_code == 403


def test_an_address_that_others_reach_must_be_asked_for_plainly(kiosk: World) -> None:
    """The words say what to do."""
    told = kiosk.run("serve", "--host", "0.0.0.0", code=2)  # noqa: S104 - that is what must be refused

    assert "--public-url" in told
    assert "--open-to-network" in told
    assert "https://kiosk.example.com/" in kiosk.run("serve", "--public-url", "http://kiosk.shop/", code=2)


def test_which_names_a_page_may_come_by() -> None:
    """Loopback's, the proxy's, and, opened to the network, the machine's numbers; never any name."""
    alone = Address("127.0.0.1", 8760)
    behind = Address("::1", 8760, "https://kiosk.shop/")
    open_to_all = Address("0.0.0.0", 8760, open_to_network=True)  # noqa: S104

    assert alone.believes("127.0.0.1:8760", None)
    assert alone.believes("localhost:8760", "http://localhost:8760")
    assert alone.believes("[::1]:8760", None)
    assert not alone.believes("10.0.0.7:8760", None)
    assert not alone.believes("127.0.0.1:8760", "http://127.0.0.1:9999")
    assert not alone.believes("", None)
    assert not alone.believes("[::1", None)
    assert not alone.believes("127.0.0.1:8760", "null")
    assert behind.believes("kiosk.shop", "https://kiosk.shop")
    assert behind.believes("127.0.0.1:8760", "https://kiosk.shop")
    assert not behind.believes("other.shop", "https://kiosk.shop")
    assert open_to_all.believes("10.0.0.7:8760", "http://10.0.0.7:8760")
    assert not open_to_all.believes("kiosk.shop", "http://kiosk.shop")


@pytest.mark.parametrize("url", ["ftp://kiosk.shop/", "https://", "https://kiosk.shop/?a=1", "http://kiosk.shop"])
def test_a_public_address_is_one_with_tls(url: str) -> None:
    with pytest.raises(NotSafe):
        Address("127.0.0.1", 8760, url)


def test_a_page_cannot_ask_for_a_terminal_of_any_size() -> None:
    """Neither one that fills the memory, nor none."""
    assert Size.of("1000000000", "-3") == Size(500, 10)
    assert Size.of(None, "wide") == Size(80, 24)


def test_only_pages_at_this_machine_have_its_voice(kiosk: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A loudspeaker here would speak to nobody who asked, where the page is elsewhere."""
    assert Address("127.0.0.1", 8760).is_here_alone
    assert not Address("127.0.0.1", 8760, "https://kiosk.example.com/").is_here_alone
    assert not Address("0.0.0.0", 8760, open_to_network=True).is_here_alone  # noqa: S104 - never listened at

    program = kiosk.state / "voice"
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    kiosk.config.write_text(kiosk.config.read_text(encoding="utf-8") + f'\n[voice]\nprogram = "{program}"\n')
    assert build(kiosk.config, train=False).voice is not None
    monkeypatch.setenv(SILENT, "yes")
    assert build(kiosk.config, train=False).voice is None

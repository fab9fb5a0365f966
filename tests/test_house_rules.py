"""The house rules: who may import whom, how large a room may grow, and that the plan on the wall is the house."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from kiosk.config import check
from kiosk.facts import Event
from kiosk.messages import folder as mail_folder
from kiosk.messages import http_sms, smtp, twilio
from kiosk.order import TRANSITIONS, State
from kiosk.providers import airalo, dtone, reloadly
from kiosk.tables import File, Table
from kiosk.tenders import alipay, antom, cash, wechat

ROOT = Path(__file__).parent.parent
SOURCES = sorted(path for folder in ("kiosk", "screens", "devices") for path in (ROOT / folder).rglob("*.py"))
FUNCTION_MAX, FILE_MAX = 40, 250
FUNCTION_HARD, FILE_HARD = 60, 350


def test_the_import_contracts_are_kept() -> None:
    """Each sentence in .importlinter holds."""
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports")], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            yield node.name, node.end_lineno - node.lineno + 1


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_room_grows_past_its_walls(path: Path) -> None:
    """A file has at most 250 lines, a function at most 40 (tables and declarations up to the hard limit)."""
    lines = len(path.read_text(encoding="utf-8").splitlines())
    long = [f"{name}: {length}" for name, length in functions(path) if length > FUNCTION_MAX]

    assert lines <= FILE_MAX, f"{path.name} has {lines} lines: which new room wants to be born?"
    assert not long


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_says_what_it_is_for(path: Path) -> None:
    """A module begins with its purpose."""
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_every_folder_of_tests_is_a_package() -> None:
    """Without `__init__.py`, tests/kiosk would shadow kiosk."""
    folders = {path.parent for path in (ROOT / "tests").rglob("test_*.py")}

    assert [folder for folder in folders if not (folder / "__init__.py").exists()] == []


def test_the_readme_draws_the_machine_as_it_is() -> None:
    """The README's table of events has exactly the transitions of the code."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    drawn = set()
    for line in readme.splitlines():
        if match := re.fullmatch(r"\| `(\w+)` \| (.+) \| .+ \|", line):
            for start, target in re.findall(r"(\w+) → (\w+)", match[2]):
                drawn.add((start, match[1], target))
    coded = {(start.value, event.value, target.value) for (start, event), target in TRANSITIONS.items()}
    coded = {(start, event, target) for start, event, target in coded if event != Event.NOTED.value}

    assert drawn == coded
    assert all(state.value in readme for state in State)


def opened_up(text: str) -> str:
    """config.toml with every default and example switched on."""
    return re.sub(r"^# (?=\[|\w[\w-]* = )", "", text, flags=re.M)


def test_every_key_of_the_configuration_is_there_with_its_default() -> None:
    """config.toml names every key that the code knows, and a commented one shows the default."""
    text = (ROOT / "config.toml").read_text(encoding="utf-8")
    everything = tomllib.loads(opened_up(text))
    check(everything, "config.toml")
    as_shipped = check(tomllib.loads(text), "config.toml").file
    settings: dict[tuple[str, str], type[Table]] = {("providers", "airalo"): airalo.Settings}
    settings |= {("providers", "dtone"): dtone.Settings, ("providers", "reloadly"): reloadly.Settings}
    settings |= {("tenders", "cash"): cash.Settings, ("tenders", "wechat"): wechat.Settings}
    settings |= {("tenders", "alipay"): antom.Settings, ("tenders", "alipay_cn"): alipay.Settings}
    settings |= {("messages", "email"): smtp.Settings, ("messages", "sms"): twilio.Settings}
    settings |= {("messages", "other_sms"): http_sms.Settings, ("messages", "files"): mail_folder.Settings}
    examples = {"address", "help_line", "refund_policy", "fixed", "host", "path", "kind", "client_id", "client_secret"}
    examples |= {"device"} | {
        "float_low",
        "refund_second_person_above",
        "columns",
        "chinese",
        "native_qr",
        "cutter",
        "header",
        "footer",
    }  # of the printer: its model says; of the receipt: the owner

    for name, table in ((field.name, field.type) for field in msgspec.structs.fields(File)):
        if isinstance(table, type) and issubclass(table, Table):
            for field in msgspec.structs.fields(table):
                assert field.name in everything[name], f"{name}.{field.name} is not in config.toml"
                if field.name not in examples and name != "wifi":
                    shown = msgspec.convert(everything[name][field.name], field.type)
                    assert shown == getattr(getattr(as_shipped, name), field.name), f"{name}.{field.name}"
    for name, table in ((field.name, get_args(field.type)) for field in msgspec.structs.fields(File)):
        for entry in (each for each in table if isinstance(each, type) and issubclass(each, Table)):
            section = opened_up(text).partition(f"[{name}]")[2].partition("\n\n")[0]
            for field in msgspec.structs.fields(entry):
                assert f"{field.name} = " in section, f"{name}.{field.name} is not in config.toml"
    for (folder, name), adapter in settings.items():
        assert set(everything[folder][name]) - {"kind"} == {field.name for field in msgspec.structs.fields(adapter)}

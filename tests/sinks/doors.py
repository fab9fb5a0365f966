"""Which modules hold a door to the outside, found in their source: a call that writes to a terminal, a file, a mail."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PLACES = ("kiosk", "screens", "devices")
NOT_SHIPPED_TO_CUSTOMERS = ("kiosk/sandbox/", "kiosk/simulation/")
"""Stand-ins of the outside: nobody's terminal, printer or mailbox."""

CLICK = ("click.echo", "click.secho", "click.prompt", "click.confirm", "click.pause", "click.progressbar", "click.edit")
STREAMS = ("sys.stdout", "sys.stderr", "sys.__stdout__", "sys.__stderr__")
LOG = ("FileHandler", "StreamHandler", "addHandler", "basicConfig", "setFormatter", "SysLogHandler")
MAIL = ("EmailMessage", "MIMEText", "smtplib.SMTP", "smtplib.SMTP_SSL")
PRINTER = ("escpos", "harmless")
WIDGETS = ("Static", "Label", "Input", "Digits", "Markdown", "RichLog", "Log", "TextArea", "Button", "DataTable")
FILES = ("write_text", "write_bytes", "touch", "mkdir", "rename", "symlink_to", "hardlink_to")
FILE_CALLS = ("os.open", "os.rename", "os.replace", "os.link", "NamedTemporaryFile", "shutil.copyfile", "shutil.move")


def doors() -> set[tuple[str, str]]:
    """Each kind of door with the module that holds it."""
    found = set()
    for place in PLACES:
        for path in (ROOT / place).rglob("*.py"):
            module = path.relative_to(ROOT).as_posix()
            if not module.startswith(NOT_SHIPPED_TO_CUSTOMERS):
                found |= {(kind, module) for kind in kinds(path.read_text(encoding="utf-8"), module)}
    return found


def kinds(source: str, module: str) -> Iterator[str]:
    """What the source writes to."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef) and {ast.unparse(base) for base in node.bases} & {*WIDGETS}:
            yield "screen"
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "\x1b]" in node.value:
            yield "title"
        if isinstance(node, ast.Call):
            yield from _of_call(node, ast.unparse(node.func), module)


def _of_call(call: ast.Call, name: str, module: str) -> Iterator[str]:
    last = name.rpartition(".")[2]
    if name in ("print", *CLICK) or (name.startswith(STREAMS) and last in ("write", "writelines")):
        yield "terminal"
    if last in LOG:
        yield "log"
    if name in MAIL:
        yield "mail"
    if last == "send" and "remote" in name and module.startswith("kiosk/messages/"):
        yield "SMS"
    if last in PRINTER and module.startswith("devices/"):
        yield "printer"
    if name in WIDGETS or (module.startswith("screens/") and last in ("update", "notify")):
        yield "screen"
    if last in FILES or name in FILE_CALLS or _opens_to_write(call, last):
        yield "file"


def _opens_to_write(call: ast.Call, last: str) -> bool:
    """`open(path, "w")`, `path.open("xb")`, `os.fdopen(fd, "wb")`."""
    if last not in ("open", "fdopen"):
        return False
    said = [*call.args, *(word.value for word in call.keywords if word.arg == "mode")]
    modes = [one.value for one in said if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    return any(len(mode) <= 3 and set(mode) & set("wax+") for mode in modes)

"""A raw table of config.toml into its type. What is wrong is named with its whole path, and what is allowed in words.

It must never repeat a value: somebody may have pasted a secret.
"""

from __future__ import annotations

import re
from datetime import date
from types import UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta

from kiosk.errors import ConfigError
from kiosk.tables import Table

T = TypeVar("T", bound=Table)

WORDS = {
    str: "text in quotes",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    date: "a date such as 2026-11-22",
    list: "a list",
    dict: "a table",
}


def convert_table(raw: Any, table: type[T], path: str) -> T:
    """Convert one table of the file. Raises ConfigError with the key's whole path and what is allowed."""
    _refuse_unknown_keys(raw, table, path)
    try:
        return msgspec.convert(raw, table, strict=True)
    except msgspec.ValidationError as error:
        text, _, where = str(error).partition(" - at `$")
        steps = _steps(where.rstrip("`"), raw, text)
        if missing := re.search("missing required field `(.+)`", text):
            steps.append(missing[1])
        wanted = in_words(_hint_at(table, steps))
        if missing:
            wanted = f"is missing; expected {wanted}"
        elif ", got `" in text:
            wanted = f"expected {wanted}; this is {WORDS.get(type(_value_at(raw, steps)), 'something else')}"
        else:
            wanted = f"expected {wanted}"
        raise ConfigError(f"{_spelt(path, steps)}: {wanted}.") from None


def in_words(hint: Any) -> str:
    """What may stand where this type is expected: `a whole number from 1 to 65535`."""
    if get_origin(hint) is Annotated:
        kind, *limits = get_args(hint)
        return _within(kind, next(limit for limit in limits if isinstance(limit, Meta)))
    arguments = [argument for argument in get_args(hint) if argument is not type(None)]
    match get_origin(hint):
        case origin if origin is Literal:
            return "one of " + ", ".join(f'"{word}"' for word in arguments)
        case origin if origin in (Union, UnionType):
            return in_words(arguments[0])
        case origin if origin in (list, dict) and arguments[-1] is not Any:
            return f"{WORDS[origin]}, each {in_words(arguments[-1])}"
        case None if isinstance(hint, type) and issubclass(hint, Table):
            return WORDS[dict]
    return WORDS.get(get_origin(hint) or hint, "a value of another kind")


def _within(kind: Any, meta: Meta) -> str:
    """A type with its limits."""
    if meta.description:
        return meta.description
    words = in_words(kind)
    if meta.min_length:
        head, comma, each = words.partition(",")
        return f"{head}, not empty{comma}{each}"
    if meta.ge is not None and meta.le is not None:
        return f"{words} from {meta.ge} to {meta.le}"
    low = [f"above {meta.gt}"] if meta.gt is not None else [f"from {meta.ge}"] if meta.ge is not None else []
    high = [f"below {meta.lt}"] if meta.lt is not None else [f"at most {meta.le}"] if meta.le is not None else []
    return f"{words} {' and '.join(low + high)}"


def _hint_at(table: type[Table], steps: list[str | int]) -> Any:
    """The type expected at this path. The names of a free table are the owner's own."""
    hint: Any = table
    for step in steps:
        while get_origin(hint) in (Annotated, Union, UnionType):
            hint = get_args(hint)[0]
        if isinstance(hint, type) and issubclass(hint, Table):
            hint = get_type_hints(hint, include_extras=True)[str(step)]
        else:
            hint = get_args(hint)[-1]
    return hint


def _value_at(raw: Any, steps: list[str | int]) -> Any:
    for step in steps:
        raw = raw[step]
    return raw


def _steps(where: str, raw: Any, text: str) -> list[str | int]:
    """The way to a value, with the key of a free table, which msgspec leaves out: it says `.fixed[...]`."""
    before, gap, after = where.partition("[...]")
    steps = _parts(before)
    if gap:
        wanted = str if text.startswith("Expected `str`") else dict
        steps += [key for key, value in _value_at(raw, steps).items() if not isinstance(value, wanted)][:1]
    return steps + _parts(after)


def _parts(where: str) -> list[str | int]:
    return [int(number) if number else name for name, number in re.findall(r"\.([^.\[]+)|\[(\d+)\]", where)]


def _spelt(path: str, steps: list[str | int]) -> str:
    """`config.toml: charges[1].name`"""
    for step in steps:
        path = f"{path}[{step}]" if isinstance(step, int) else _join(path, step)
    return path.rstrip(":")


def _join(path: str, key: str) -> str:
    return f"{path} {key}" if path.endswith(":") else f"{path}.{key}"


def _refuse_unknown_keys(raw: Any, table: type[Table], path: str) -> None:
    """Name every unknown key, in tables within tables too: msgspec gives neither its path nor the allowed names."""
    if not isinstance(raw, dict):
        return
    hints = get_type_hints(table)
    for key, value in raw.items():
        if key not in hints:
            raise ConfigError(f"{_join(path, key)}: no such key; known here: {', '.join(sorted(hints))}.")
        inner = hints[key]
        if type(None) in get_args(inner):
            inner = get_args(inner)[0]
        if get_origin(inner) is list and isinstance(value, list):
            inner = get_args(inner)[0]
            children = [(f"{key}[{number}]", child) for number, child in enumerate(value)]
        else:
            children = [(key, value)]
        if isinstance(inner, type) and issubclass(inner, Table):
            for name, child in children:
                _refuse_unknown_keys(child, inner, _join(path, name))

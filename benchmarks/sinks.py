"""A million hostile strings through every place where text leaves the kiosk; how many command anything. Limit: none.

Escape sequences, printers' commands, headers, bidi and invisible letters, paths and markup, made by a seed, go the way
that the words of providers, rails, shops, clerks and customers go: onto the screen, paper and the command line, into
mails, SMS, the log and names of files. Two processes at once; the screen is painted for real, and takes the longest.
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.sinks.hostile import evil_in, hostile
from tests.sinks.sinks import SINKS

STRINGS, PART = 1_000_000, 2_000


def pushed(name: str, seed: int) -> tuple[str, int, int, str]:
    """Of so many strings through this sink: how many lines came out, how many are evil, and one of these."""
    lines, evil, shown = 0, 0, ""
    try:
        for line in SINKS[name].push(list(hostile(seed, PART))):
            lines += 1
            if why := evil_in(line):
                evil, shown = evil + 1, f"{why} from {name}, seed {seed}: {line!r}"
    except AssertionError as error:  # one string became two records
        evil, shown = evil + 1, f"{name}, seed {seed}: {error}"
    return name, lines, evil, shown


def main() -> None:
    strings = int(sys.argv[1]) if len(sys.argv) > 1 else STRINGS
    names = [name for name, sink in SINKS.items() for _ in range(max(1, strings * sink.share // 100 // PART))]
    started, lines, evil, parts = time.perf_counter(), 0, 0, Counter[str]()
    with ProcessPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
        for name, came, bad, shown in pool.map(pushed, names, range(1000, 1000 + len(names))):
            parts[name], lines, evil = parts[name] + 1, lines + came, evil + bad
            if shown:
                print(shown)
    for name, times in parts.items():
        print(f"{times * PART:9,} strings through {name}")
    total = len(names) * PART
    told = "0 control bytes out" if not evil else f"{evil:,} lines with what may not come OUT"
    print(f"{total:9,} strings, {lines:,} lines out in {time.perf_counter() - started:.0f} s: {told}")
    sys.exit(evil > 0 or total < strings)


if __name__ == "__main__":
    main()

"""The counter on a page as a program of its own: the child of `kiosk serve --counter`. Nobody else starts it."""

from __future__ import annotations

import sys

from kiosk import SCREENS_LEFT
from screens.process import die_with_parent, draw_on_standard_output, told_by_parent


def main() -> None:
    """Show the counter until it is ended by its own key. Any other end is a death, and it is started again."""
    die_with_parent()
    draw_on_standard_output()
    from screens.counter.app import CounterApp

    house, terminal = told_by_parent()
    app = CounterApp(house, terminal=terminal)
    app.run()
    sys.stdout.flush()
    sys.exit(1 if app.return_code else SCREENS_LEFT)


if __name__ == "__main__":
    main()

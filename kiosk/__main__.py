"""The entry point: `kiosk` on the command line, or `python -m kiosk`."""

import sys


def main() -> None:
    """Run the command line. `kiosk run` starts loading its screens first: a customer may be waiting."""
    if sys.argv[1:2] == ["run"] and not {"-h", "--help"} & set(sys.argv):
        from kiosk.child import preload

        preload()
    from kiosk.cli import main as command_line

    command_line()


if __name__ == "__main__":
    main()

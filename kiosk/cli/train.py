"""`kiosk train`: prepared situations at the counter, on a ledger of their own, and whether they were solved."""

from __future__ import annotations

import sys

import click

from kiosk.cli.common import table
from kiosk.cli.out import put
from kiosk.train.course import Course, Lesson
from kiosk.train.situations import COURSE, SITUATIONS

NOT_ALL = 1


@click.command("train")
@click.option(
    "--situation", "names", multiple=True, type=click.Choice(list(SITUATIONS)), metavar="NAME", help="This one alone."
)
@click.option("--all", "every", is_flag=True, help="All situations of docs/clerk.md.")
@click.option("--list", "as_list", is_flag=True, help="List the situations.")
def command(names: tuple[str, ...], every: bool, as_list: bool) -> None:
    """Practise at the counter: customers come with what goes wrong, and the ledger says whether it was solved.

    The counter opens here; the kiosk beside it, where tmux runs this, else by the command that is shown. No money, no
    network, and nothing of the everyday training ledger. It ends with 0 where every situation was solved.
    """
    if as_list:
        rows = [(name, "yes" if name in COURSE else "", each.words) for name, each in SITUATIONS.items()]
        table(rows, ("NAME", "IN THE COURSE", "THE CUSTOMER SAYS"))
        return
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise click.UsageError("Training needs a terminal. Without one: kiosk train --list.")
    course = _practise(list(SITUATIONS) if every else list(names or COURSE))
    _tell(course)
    if course.solved < len(course.lessons):
        sys.exit(NOT_ALL)


def _practise(names: list[str]) -> Course:
    """At the counter, until the clerk ends it."""
    put("The training shop opens ...")
    from kiosk.train.beside import command_of, kiosk_beside
    from kiosk.train.manual import manual, rows
    from kiosk.train.room import training_room
    from screens.counter.training import TrainingApp
    from screens.keyboard import Keyboard

    with training_room() as shop:
        course = Course(shop, [Lesson(SITUATIONS[name]) for name in names])
        config = shop.house.config.state_dir / "config.toml"
        with kiosk_beside(config) as stands:
            app = TrainingApp(course, rows(manual()), "" if stands else command_of(config))
            app.driver_class = Keyboard
            app.run()
        return course


def _tell(course: Course) -> None:
    """How it went."""
    table([_row(lesson) for lesson in course.lessons], ("", "TIME", "TRIES", "SITUATION"))
    put(f"{course.solved} of {len(course.lessons)} solved.")
    unsolved = [lesson.situation.name for lesson in course.lessons if not lesson.solved]
    if unsolved:
        put("Once more: kiosk train " + " ".join(f"--situation {name}" for name in unsolved))


def _row(lesson: Lesson) -> tuple[str, ...]:
    if not lesson.began_s:
        return "not begun", "", "", lesson.situation.words
    took = f"{int(lesson.took_s) // 60}:{int(lesson.took_s) % 60:02d}"
    return "solved" if lesson.solved else "NOT SOLVED", took, str(lesson.tries), lesson.situation.words

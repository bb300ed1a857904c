"""How far a long command is: a bar on a terminal, a line for every tenth elsewhere. Always on stderr."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

TENTHS = 10


class Progress:
    """Counts up to ``total`` and lets sentences come between."""

    def __init__(self, label: str, total: int) -> None:
        self.label = label
        self.total = total
        self.done = 0
        self.tenths = 0

    def advance(self, count: int) -> None:
        self.done += count
        tenths = self.done * TENTHS // max(self.total, 1)
        if tenths > self.tenths:
            self.tenths = tenths
            click.echo(f"{self.label}: {self.done} of {self.total}", err=True)

    def say(self, sentence: str) -> None:
        click.echo(sentence, err=True)


class Bar(Progress):
    """The same on a terminal, redrawn in place."""

    def __init__(self, label: str, total: int) -> None:
        super().__init__(label, total)
        self.bar = click.progressbar(length=total, label=label, file=sys.stderr)

    def advance(self, count: int) -> None:
        self.bar.update(count)

    def say(self, sentence: str) -> None:
        super().say(f"\r\033[K{sentence}")


@contextmanager
def progress(label: str, total: int) -> Iterator[Progress]:
    """Show the progress of what happens inside the block."""
    if not sys.stderr.isatty():
        yield Progress(label, total)
        return
    bar = Bar(label, total)
    with bar.bar:
        yield bar

"""Keeping the open data of the last days: made once a day, there in whole or not at all."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import structlog
from flask import current_app

from app import clock

from .writing import export

DAYS_KEPT = 7
QUIET_HOUR = timedelta(hours=3)
"""A day of data begins at three in the morning in Seoul, when few deadlines end and few people read."""
TRY_AGAIN = timedelta(minutes=10)
"""After how long one that broke off is begun anew."""
UNFINISHED = "unfinished-"
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

log = structlog.get_logger()


def data_folder() -> Path:
    """Where the days lie."""
    folder: Path = current_app.config["DURE"].data_dir
    return folder.resolve()


def today() -> str:
    return (clock.now().astimezone(clock.SEOUL) - QUIET_HOUR).date().isoformat()


def days() -> list[str]:
    """The days there is data of, the newest first."""
    folder = data_folder()
    if not folder.is_dir():
        return []
    return sorted((each.name for each in folder.iterdir() if DAY.fullmatch(each.name)), reverse=True)


def make_daily() -> bool:
    """Make today's data unless it is there; False where nothing was to do, or somebody is at it."""
    folder, day = data_folder(), today()
    if current_app.config["DURE"].open_data == "off" or (folder / day).exists():
        return False
    folder.mkdir(parents=True, exist_ok=True)
    with only_one(folder) as mine:
        if not mine or (folder / day).exists() or broke_off_lately(folder):
            return False
        clear_unfinished(folder)
        write_whole(folder, day)
        for old in days()[DAYS_KEPT:]:
            shutil.rmtree(folder / old)
    log.info("open data made", day=day)
    return True


def write_whole(folder: Path, day: str) -> None:
    """Write beside, then give it its name: a reader finds a whole day or none."""
    unfinished = folder / f"{UNFINISHED}{day}"
    try:
        export(unfinished)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(exist_ok=True)
        raise
    unfinished.rename(folder / day)
    settle(folder)


def settle(folder: Path) -> None:
    """Make sure the names in a folder outlast a power cut."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def broke_off_lately(folder: Path) -> bool:
    """Whether one was begun and given up a moment ago: a full disk is not filled again every few seconds."""
    youngest = max((each.stat().st_mtime for each in folder.glob(f"{UNFINISHED}*")), default=0.0)
    return clock.now().timestamp() - youngest < TRY_AGAIN.total_seconds()


def clear_unfinished(folder: Path) -> None:
    for left in folder.glob(f"{UNFINISHED}*"):
        shutil.rmtree(left)


@contextmanager
def only_one(folder: Path) -> Iterator[bool]:
    """Whether nobody else is at it, on this machine; a death lets the next one in."""
    opened = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(opened)

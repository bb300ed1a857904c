"""Keeping the open data of the last days: made once a day, there in whole or not at all."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
import structlog
from flask import current_app

from app import clock
from app.db import db, new_id
from app.petitions.models import Petition

from .packing import SCHEMA
from .stopping import Stopped, Stopping, go_on, never
from .writing import export

DAYS_KEPT = 7
QUIET_HOUR = timedelta(hours=3)
"""A day of data begins at three in the morning in Seoul, when few deadlines end and few people read."""
TRY_AGAIN = timedelta(minutes=10)
"""After how long one that broke off is begun anew."""
UNFINISHED = "unfinished-"
TAKEN_BACK = ".taken-back"
"""Holds another word whenever something had to be taken back."""
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


def is_due() -> bool:
    """Whether today's data is still to be made, and was not given up a moment ago."""
    folder = data_folder()
    wanted = current_app.config["DURE"].open_data == "on" and not (folder / today()).exists()
    return wanted and not broke_off_lately(folder)


def make_daily(stopping: Stopping = never) -> bool:
    """Make today's data unless it is there; False where nothing was to do, or somebody is at it.

    False too where ``stopping`` asked for the end, or something had to be taken back meanwhile: then nothing
    is left of it, and it is due at once.
    """
    folder, day = data_folder(), today()
    if not is_due():
        return False
    folder.mkdir(parents=True, exist_ok=True)
    with only_one(folder) as mine:
        if not mine or not is_due():
            return False
        clear_unfinished(folder)
        made = write_whole(folder, day, stopping)
    if made:
        log.info("open data made", day=day)
    return made


def write_whole(folder: Path, day: str, stopping: Stopping) -> bool:
    """Write beside, then give it its name: a reader finds a whole day or none."""
    unfinished, before = folder / f"{UNFINISHED}{day}", taken_back(folder)
    try:
        export(unfinished, stopping)
        go_on(stopping)
    except Stopped:
        shutil.rmtree(unfinished)
        return False
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(exist_ok=True)
        raise
    with names_held(folder):
        if taken_back(folder) != before:
            shutil.rmtree(unfinished)
            return False
        unfinished.rename(folder / day)
        for old in days()[DAYS_KEPT:]:
            shutil.rmtree(folder / old)
        settle(folder)
    return True


def take_back(petition_id: str) -> None:
    """A petition went out of sight: every day that may tell of it goes, and today's is due anew.

    One that is being written meanwhile is given no name.
    """
    folder = data_folder()
    opened_at = db.session.scalar(sa.select(Petition.opened_at).where(Petition.id == petition_id))
    db.session.rollback()
    if not folder.is_dir():
        return
    with names_held(folder):
        (folder / TAKEN_BACK).write_text(new_id(), encoding="utf-8")
        for day in days():
            made_at = read_moment(folder / day)
            if opened_at is None or made_at is None or made_at >= opened_at:
                shutil.rmtree(folder / day)
        settle(folder)


def taken_back(folder: Path) -> str:
    """What :data:`TAKEN_BACK` holds; nothing before the first time."""
    try:
        return (folder / TAKEN_BACK).read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


def read_moment(folder: Path) -> datetime | None:
    """When a day's data was finished; None where half of it is gone already."""
    try:
        return datetime.fromisoformat(json.loads((folder / SCHEMA).read_text(encoding="utf-8"))["created"])
    except FileNotFoundError:
        return None


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
    with lock_file(folder / ".lock") as opened:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


@contextmanager
def names_held(folder: Path) -> Iterator[None]:
    """Nobody else gives a day its name or takes one away, for the moment that either takes."""
    with lock_file(folder / ".names") as opened:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield


@contextmanager
def lock_file(path: Path) -> Iterator[int]:
    opened = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        yield opened
    finally:
        os.close(opened)

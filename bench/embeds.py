"""What a widget and a badge cost beside a bare Flask route that returns the same bytes.

``python -m bench.embeds`` starts both on loopback, sends them the same requests in turns, and prints ratios
of CPU time. It exits with 1 when a target is missed; the last line of stdout is the result as JSON.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from .speed import Result, both_started, measure_reading, write_table

TARGET = 1.3


def measure(rounds: int, requests: int) -> list[Result]:
    with (
        tempfile.TemporaryDirectory(prefix="dure-bench-") as folder,
        both_started("sqlite", Path(folder)) as pair,
    ):
        asked = {"rounds": rounds, "requests": requests, "target": TARGET}
        return [
            *measure_reading(pair, "frame", pair.frame, **asked),
            *measure_reading(pair, "badge", f"{pair.frame}.svg", **asked),
        ]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.embeds", description=__doc__)
    parser.add_argument("--rounds", type=int, default=24)
    parser.add_argument("--requests", type=int, default=200, help="in each round, for each server")
    options = parser.parse_args(arguments)
    results = measure(options.rounds, options.requests)
    print(write_table(results))
    print(json.dumps({each.name: each.value for each in results}))
    if any(each.met is False for each in results):
        sys.exit(1)


if __name__ == "__main__":
    main()

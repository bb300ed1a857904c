"""``make run``: everything a newcomer needs to see Dure, in the foreground, until it is told to stop."""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Sequence

from deploy.local import environment

STOP_SECONDS = 10
START_SECONDS = 60
PR_SET_PDEATHSIG = 1


def main() -> None:
    """Prepare, start web and worker, say where they are, and stay until one ends or a signal comes.

    Raises:
        SystemExit: 0 after a signal; otherwise with a sentence that says what to do.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, leave)
    os.environ.setdefault("DURE_DEMO", "1")
    host, port = os.environ.get("DURE_HOST", "127.0.0.1"), chosen_port()
    refuse_taken_port(host, port)
    environment.make_ready("run")
    people = prepare_database()
    children = {"web": start("serve"), "worker": start("work")}
    try:
        if not wait_until_ready(f"http://{host}:{port}", children):
            raise SystemExit("Dure did not start: the lines above say why.")
        greet(f"http://{host}:{port}", people)
        name = first_to_end(children)
        raise SystemExit(f"The {name} stopped by itself, so everything was stopped; the lines above say why.")
    finally:
        stop(list(children.values()))


def leave(_number: int, _frame: object) -> None:
    raise SystemExit(0)


def chosen_port() -> int:
    typed = os.environ.get("DURE_PORT", "") or "8000"
    if not typed.isascii() or not typed.isdigit() or not 0 < int(typed) < 65536:
        raise SystemExit(
            f"DURE_PORT is {typed!r}, which is no port: use a number, as in DURE_PORT=8001 make run"
        )
    return int(typed)


def refuse_taken_port(host: str, port: int) -> None:
    other = port + 1 if port < 65535 else 8001
    advice = f"stop what uses it, or choose another: DURE_PORT={other} make run"
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise SystemExit(f"Port {port} is in use: {advice}") from None
            raise SystemExit(f"Cannot listen on {host}, port {port} ({error.strerror}): {advice}") from None


def prepare_database() -> list[str]:
    """Migrate and load the demo; an environment that turns out broken is mended once."""
    if dure("db", "upgrade") is None:
        if environment.works():
            raise SystemExit("The database could not be prepared; the lines above say why.")
        environment.forget_stamp()
        environment.make_ready("run")
        if dure("db", "upgrade") is None:
            raise SystemExit("The database could not be prepared; the lines above say why.")
    people = dure("demo")
    if people is None:
        raise SystemExit("The demo could not be loaded; the lines above say why.")
    return people.splitlines()


def dure(*words: str) -> str | None:
    """What a command printed on stdout, or None when it failed."""
    done = subprocess.run(
        command(*words), cwd=environment.ROOT, check=False, stdout=subprocess.PIPE, text=True
    )
    return done.stdout if done.returncode == 0 else None


def command(*words: str) -> list[str]:
    return [str(environment.PYTHON), "-m", "app.cli", *words]


def start(*words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command(*words),
        cwd=environment.ROOT,
        stdin=subprocess.DEVNULL,
        preexec_fn=end_with_parent,  # noqa: PLW1509 - we run one thread
    )


def end_with_parent() -> None:
    """Ask the kernel to stop the child when we are gone, however we went; not every system can."""
    try:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    except (AttributeError, OSError):
        return


def wait_until_ready(address: str, children: dict[str, subprocess.Popen[bytes]]) -> bool:
    """Whether the web server answered before its time was over and before a child ended."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and all(child.poll() is None for child in children.values()):
        if answers(f"{address}/livez"):
            return True
        time.sleep(0.2)
    return False


def answers(address: str) -> bool:
    try:
        urllib.request.urlopen(address, timeout=2).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def greet(address: str, people: Sequence[str]) -> None:
    lines = [
        f"Dure is ready at {address}",
        f"Letters it would have sent lie at {address}/dev/letters. Demo people sign in with one press:",
        *(f"  {person}" for person in people),
        "Ctrl-C stops everything.",
    ]
    print("", *lines, "", sep="\n", flush=True)  # noqa: T201


def first_to_end(children: dict[str, subprocess.Popen[bytes]]) -> str:
    while True:
        for name, child in children.items():
            if child.poll() is not None:
                return name
        time.sleep(0.3)


def stop(children: Sequence[subprocess.Popen[bytes]]) -> None:
    """End every child, politely first; a second Ctrl-C does not cut this short."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    for child in children:
        child.terminate()
    end = time.monotonic() + STOP_SECONDS
    for child in children:
        try:
            child.wait(max(0.1, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


if __name__ == "__main__":
    main()

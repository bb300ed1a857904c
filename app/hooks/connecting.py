"""One attempt to hand a message over: to the address that was checked, within so many seconds.

There is no redirect to follow, no proxy to ask and no body to read: the status alone is the answer.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from threading import Thread, Timer

from .guarding import Address, BadAddress, Target, choose, read_address

SECONDS = 10.0
AGENT = "Dure-Webhooks/1"

Resolve = Callable[[str, int], Iterable[str]]


@dataclass(frozen=True)
class Answer:
    """The HTTP status, if one came, and a code for what went wrong; no ``error`` means delivered."""

    status: int | None = None
    error: str | None = None


class Deadline:
    """The moment at which an attempt is over, however slowly something still drips in."""

    def __init__(self, seconds: float) -> None:
        self.until = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds left.

        Raises:
            TimeoutError: there are none.
        """
        seconds = self.until - time.monotonic()
        if seconds <= 0:
            raise TimeoutError
        return seconds

    @property
    def over(self) -> bool:
        return time.monotonic() >= self.until

    @contextmanager
    def cutting(self, connection: socket.socket) -> Iterator[None]:
        """Cut the connection when the time is over; a timeout between two bytes would never end a drip."""
        timer = Timer(self.left(), cut, [connection])
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


def cut(connection: socket.socket) -> None:
    """End a connection that another thread reads from, beneath its TLS."""
    with suppress(OSError):
        socket.socket.shutdown(connection, socket.SHUT_RDWR)


def resolve(host: str, port: int) -> list[str]:
    """Every address behind a name, as the system sees it.

    Raises:
        OSError: there is no such name.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


class Postman:
    """Posts messages to public addresses; ``loopback`` admits this machine, for trying things out."""

    def __init__(
        self,
        *,
        loopback: bool = False,
        resolve: Resolve = resolve,
        seconds: float = SECONDS,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self.loopback = loopback
        self.resolve = resolve
        self.seconds = seconds
        self.trust = trust or ssl.create_default_context()

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Post ``body`` once; whatever happens is an answer."""
        deadline = Deadline(self.seconds)
        try:
            target = read_address(url, loopback=self.loopback)
            found = within(deadline.left(), lambda: self.resolve(target.host, target.port))
            addresses = choose(found, loopback=self.loopback)
            return judge(self.exchange(target, addresses, body, headers, deadline))
        except BadAddress as error:
            return Answer(error=error.code)
        except (OSError, HTTPException, ValueError) as error:
            return Answer(error="timeout" if deadline.over else code_of(error))

    def exchange(
        self,
        target: Target,
        addresses: Sequence[Address],
        body: bytes,
        headers: Mapping[str, str],
        deadline: Deadline,
    ) -> int:
        """Send the request and read the status.

        Raises:
            OSError, HTTPException: it could not be sent, or what came back is no HTTP.
        """
        with open_connection(target, addresses, deadline) as plain:
            connection = self.secured(plain, target)
            with connection, deadline.cutting(connection):
                connection.settimeout(deadline.left())
                if isinstance(connection, ssl.SSLSocket):
                    connection.do_handshake()
                status = speak_http(connection, target, body, headers)
                deadline.left()
                return status

    def secured(self, connection: socket.socket, target: Target) -> socket.socket:
        """The connection under TLS, whose certificate has to bear the name and not the address."""
        if not target.secure:
            return connection
        return self.trust.wrap_socket(connection, server_hostname=target.host, do_handshake_on_connect=False)


def open_connection(target: Target, addresses: Sequence[Address], deadline: Deadline) -> socket.socket:
    """Connect to the first of these very addresses that answers.

    Raises:
        OSError: none does.
    """
    for number, address in enumerate(addresses, start=1):
        share = deadline.left() / (len(addresses) - number + 1)
        try:
            return socket.create_connection((str(address), target.port), timeout=share)
        except OSError:
            if number == len(addresses):
                raise
    raise OSError("no address")


def speak_http(connection: socket.socket, target: Target, body: bytes, headers: Mapping[str, str]) -> int:
    speech = HTTPConnection(target.host, target.port)
    speech.auto_open = 0
    speech.sock = connection
    own = {
        "Host": target.authority,
        "User-Agent": AGENT,
        "Content-Type": "application/json",
        "Connection": "close",
    }
    speech.request("POST", target.path, body=body, headers=own | dict(headers))
    response = speech.getresponse()
    response.close()
    return response.status


def within(seconds: float, call: Callable[[], Iterable[str]]) -> Iterable[str]:
    """The call's result; resolvers know no deadline of their own.

    Raises:
        TimeoutError: it took longer.
    """
    future: Future[Iterable[str]] = Future()

    def run() -> None:
        try:
            future.set_result(call())
        except Exception as error:
            future.set_exception(error)

    Thread(target=run, name="resolver", daemon=True).start()
    return future.result(seconds)


def judge(status: int) -> Answer:
    """2xx is delivered, and nothing else is: a redirect is not followed, ``410`` asks for no more."""
    if 200 <= status < 300:
        return Answer(status)
    if status == 410:
        return Answer(status, "gone")
    return Answer(status, "redirect" if 300 <= status < 400 else "status")


def code_of(error: Exception) -> str:
    """What went wrong in a word that a page can explain."""
    if isinstance(error, socket.gaierror):
        return "name"
    if isinstance(error, ssl.SSLCertVerificationError):
        return "certificate"
    if isinstance(error, ssl.SSLError):
        return "tls"
    if isinstance(error, TimeoutError):
        return "timeout"
    return "connection" if isinstance(error, OSError) else "answer"

"""The one door to every payment gateway: what may be asked, and what may be answered.

Amounts are whole minor units of an ISO 4217 currency. ``key`` is an idempotency key: the same key with
the same parameters gets the same answer and moves nothing twice. Nothing here may be called inside one
of our write transactions, because a real gateway is a network away; the pages, which are only links,
and the check of a webhook's signature are the exceptions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Literal, ParamSpec, Protocol, TypeVar

from app.db import in_transaction
from app.errors import Trouble

P = ParamSpec("P")
R = TypeVar("R")

Status = Literal["held", "declined", "needs_auth", "captured", "released", "refunded", "paid", "failed"]


@dataclass(frozen=True)
class Answer:
    """What the gateway did, or how the object stands now.

    ``reference`` is the gateway's name for the hold, refund or payout. ``code`` says why, when the
    status is ``declined``, ``failed`` or ``released`` by expiry. ``amount`` is what the status speaks
    of: held, captured, refunded or paid; 0 when nothing moved.

    ``declined`` is the card's own no and may be tried again under a new key; ``failed`` is a call that
    the gateway refuses as such (``amount_too_large``, ``already_captured``, ``not_held``,
    ``not_captured``, ``expired``, ``unknown_hold``, ``account_closed``, ``unknown_payee``).
    """

    status: Status
    reference: str
    code: str | None = None
    amount: int = 0


@dataclass(frozen=True)
class SavedMethod:
    """A method the gateway keeps for us; ``fingerprint`` is the same whenever the card is the same."""

    gateway: str
    reference: str
    fingerprint: str
    label: str


@dataclass(frozen=True)
class GatewayEvent:
    """A verified message: something happened to ``object_id``. Look it up; believe nothing else."""

    gateway: str
    event_id: str
    kind: str
    object_id: str


class GatewayTimeout(Trouble):
    """The answer is unknown: ask with the same key again, or :meth:`Gateway.find` what became of it."""


class KeyReused(Trouble):
    """One idempotency key came with two different sets of parameters: a fault of the caller's."""


class ForgedMessage(Exception):  # noqa: N818
    """A webhook that is not from the gateway, is older than 300 s, or was changed on the way."""


class Gateway(Protocol):
    """A payment gateway. Calls that reach it may raise :class:`GatewayTimeout`."""

    name: str

    def saving_page(
        self, *, pledge_id: str, description: str, amount: int, currency: str, return_path: str
    ) -> str:
        """The path of the gateway's own page where a method is saved, not charged.

        The page shows ``description`` (the petition's title) and the amount. It leads back to
        ``return_path`` with ``setup=<token>`` for :meth:`claim_setup`, or without it when cancelled.
        """

    def claim_setup(self, token: str, *, pledge_id: str) -> SavedMethod:
        """The method saved on the saving page, as the gateway itself confirms it.

        Raises:
            Refusal: the token is not the gateway's, has expired, or was made for another pledge.
        """

    def save_token(self, token: str) -> SavedMethod:
        """Save a method by a script's token such as ``pm_ok``; every call makes a card of its own.

        Raises:
            Refusal: an unknown token, or production, where people use the saving page.
        """

    def hold(self, *, method: str, amount: int, currency: str, key: str, about: str | None = None) -> Answer:
        """Reserve ``amount`` on a saved method: ``held``, ``declined`` or ``needs_auth``.

        ``about`` is the petition it is for, where a statement can say so.
        """

    def capture(self, *, hold: str, amount: int, key: str) -> Answer:
        """Take at most what is held, once; the rest of the hold is let go."""

    def release(self, *, hold: str, key: str) -> Answer:
        """Let a hold go, or call off one that waits to be confirmed. Released before is released."""

    def refund(self, *, hold: str, amount: int, key: str) -> Answer:
        """Give back at most what was captured and not refunded yet; the reference is the refund's."""

    def charge(
        self, *, method: str, amount: int, currency: str, key: str, about: str | None = None
    ) -> Answer:
        """Take ``amount`` of a saved method at once: ``captured`` or ``declined``."""

    def save_payee(self, *, label: str, number: str) -> tuple[str, str]:
        """Save an account to pay out to; return its reference and a label that hides the number.

        Raises:
            Refusal: the number is no account number.
        """

    def pay_out(self, *, payee: str, amount: int, currency: str, key: str) -> Answer:
        """Send money to a saved account: ``paid`` or ``failed``."""

    def find(self, key: str) -> Answer | None:
        """How things stand with what was asked under ``key``; None when it never arrived."""

    def look_up(self, reference: str) -> Answer | None:
        """How a hold, refund or payout stands now."""

    def repair_page(self, hold: str, return_path: str) -> str:
        """The path of the page where the person confirms (or refuses) a hold that ``needs_auth``."""

    def verify_webhook(self, body: bytes, headers: Mapping[str, str]) -> GatewayEvent:
        """Read a webhook's raw body after checking its HMAC-SHA256 and its age (at most 300 s).

        Raises:
            ForgedMessage: it is not the gateway's, or too old.
        """


def outside_transactions(call: Callable[P, R]) -> Callable[P, R]:
    """Refuse a gateway call while a write transaction of ours is under way.

    The decorated call raises RuntimeError there: a transaction must never wait for the network.
    """

    @wraps(call)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        if in_transaction():
            raise RuntimeError(f"{call.__name__}: no gateway call inside a transaction")
        return call(*args, **kwargs)

    return guarded


DEFAULT = "sandbox"
GATEWAYS: dict[str, Callable[[], Gateway]] = {}
"""Every gateway by its name, entered by :func:`register`."""


def register(name: str, make: Callable[[], Gateway]) -> None:
    """Let ``name`` be a gateway; entering it again changes nothing."""
    GATEWAYS.setdefault(name, make)


def gateway(name: str = DEFAULT) -> Gateway:
    """The gateway of that name.

    Raises:
        LookupError: there is no such gateway.
    """
    if name not in GATEWAYS:
        raise LookupError(f"no gateway called {name}")
    return GATEWAYS[name]()

"""Sending through a real SMTP server: what arrives, what is refused, what waits."""

from __future__ import annotations

import email
import socket
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from app import clock
from app.db import db, run_tx
from app.mail import sending
from app.mail.models import Letter
from app.mail.sending import MOST_ATTEMPTS, compose, send_due_letters
from tests.mail.writing import found, write
from tests.world import World

REFUSED, BUSY = "refused@example.org", "busy@example.org"


class Mailbox:
    """A server's handler that keeps what it is given."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []

    async def handle_RCPT(  # noqa: N802 - the server's name for it
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address == REFUSED:
            return "550 no such mailbox"
        if address == BUSY:
            return "451 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.envelopes.append(envelope)
        return "250 OK"

    def message(self, number: int = -1) -> EmailMessage:
        content = self.envelopes[number].content
        assert isinstance(content, bytes)
        message = email.message_from_bytes(content, policy=default)
        assert isinstance(message, EmailMessage)
        return message


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def server() -> Iterator[Controller]:
    controller = Controller(Mailbox(), hostname="127.0.0.1", port=free_port(), enable_SMTPUTF8=True)
    controller.start()
    yield controller
    controller.stop()


@pytest.fixture
def mailbox(server: Controller) -> Mailbox:
    handler = server.handler
    assert isinstance(handler, Mailbox)
    handler.envelopes.clear()
    return handler


class TestWithAServer:
    @pytest.fixture
    def settings_changes(self, server: Controller) -> dict[str, Any]:
        return {"smtp_url": f"smtp://127.0.0.1:{server.port}", "mail_from": "두레 <letters@dure.example>"}

    def test_a_letter_arrives_with_text_html_and_headers(self, world: World, mailbox: Mailbox) -> None:
        letter = write(subject="신호등 소식", unsubscribe_url="http://localhost/follows/t")
        assert send_due_letters() == 1
        assert found().sent_at is not None
        envelope, message = mailbox.envelopes[0], mailbox.message()
        assert envelope.rcpt_tos == ["minji@example.org"]
        assert envelope.mail_from == "letters@dure.example"
        assert message["Subject"] == "신호등 소식"
        assert message["To"] == "minji@example.org"
        assert "letters@dure.example" in message["From"]
        assert message["List-Unsubscribe"] == "<http://localhost/follows/t>"
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert message["Auto-Submitted"] == "auto-generated"
        assert message["Message-ID"] == f"<{letter.id}@dure>"
        plain, html = message.get_body(("plain",)), message.get_body(("html",))
        assert plain is not None
        assert html is not None
        assert "http://localhost/x" in plain.get_content()
        assert "<html" in html.get_content()

    def test_a_letter_without_followers_offers_no_unsubscribing(self, world: World, mailbox: Mailbox) -> None:
        write()
        send_due_letters()
        assert mailbox.message()["List-Unsubscribe"] is None

    def test_each_letter_is_sent_once(self, world: World, mailbox: Mailbox) -> None:
        for number in range(60):
            write(f"s{number}@example.org", cause=str(number))
        assert send_due_letters() == 60
        assert send_due_letters() == 0
        assert len(mailbox.envelopes) == 60

    def test_line_breaks_inject_no_header(self, world: World, mailbox: Mailbox) -> None:
        write(subject="Hello\r\nBcc: victim@example.org\r\n\r\nBody", lines=["a\r\nBcc: victim@example.org"])
        send_due_letters()
        assert [envelope.rcpt_tos for envelope in mailbox.envelopes] == [["minji@example.org"]]
        assert mailbox.message()["Bcc"] is None
        assert mailbox.message()["Subject"].startswith("Hello Bcc: victim@example.org")

    def test_a_refused_mailbox_is_given_up_and_others_are_served(
        self, world: World, mailbox: Mailbox
    ) -> None:
        write(REFUSED, cause="refused")
        write("minji@example.org", cause="fine")
        assert send_due_letters() == 1
        assert found("refused").given_up_at is not None
        assert found("refused").sent_at is None
        assert "550" in (found("refused").last_error or "")
        assert found("fine").sent_at is not None

    def test_an_address_no_header_can_hold_stops_nobody_else(self, world: World, mailbox: Mailbox) -> None:
        write("minji@example.org\nBcc: bob@example.org", cause="bad")
        write("junho@example.org", cause="fine")
        send_due_letters()
        assert [envelope.rcpt_tos for envelope in mailbox.envelopes] == [["junho@example.org"]]
        assert found("bad").sent_at is None

    def test_whatever_breaks_one_letter_stops_nobody_else(
        self, world: World, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write(cause="poison")
        write("junho@example.org", cause="fine")
        poison = found("poison").id

        def break_one(letter: Letter, connection: Any) -> Any:
            if letter.id == poison:
                raise RuntimeError("nobody thought of this")
            return compose(letter, connection)

        monkeypatch.setattr(sending, "compose", break_one)
        assert send_due_letters() == 1
        assert found("fine").sent_at is not None
        assert "nobody thought of this" in (found("poison").last_error or "")

    def test_a_letter_erased_while_it_is_leased_is_passed_over(
        self, world: World, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        gone, fine = write(cause="gone").id, write("junho@example.org", cause="fine").id
        batches = iter([[gone, fine], []])
        monkeypatch.setattr(sending, "lease_letters", lambda: next(batches))
        run_tx(lambda: db.session.execute(sa.delete(Letter).where(Letter.id == gone)))
        assert send_due_letters() == 1
        assert found("fine").sent_at is not None

    def test_a_letter_for_later_waits(self, world: World, mailbox: Mailbox) -> None:
        write()
        with time_machine.travel(clock.now() - timedelta(minutes=1)):
            assert send_due_letters() == 0
        assert send_due_letters() == 1

    def test_a_busy_mailbox_is_tried_again(self, world: World, mailbox: Mailbox) -> None:
        write(BUSY)
        assert send_due_letters() == 0
        assert found().sent_at is None
        assert found().given_up_at is None
        assert found().due_at > clock.now()


class TestWithADeadServer:
    @pytest.fixture
    def settings_changes(self) -> dict[str, Any]:
        return {"smtp_url": f"smtp://127.0.0.1:{free_port()}"}

    def test_letters_wait_longer_each_time_and_end_at_last(self, world: World) -> None:
        write()
        moment, pauses = clock.now(), []
        for _attempt in range(MOST_ATTEMPTS):
            with time_machine.travel(moment, tick=False):
                assert send_due_letters() == 0
            pauses.append(found().due_at - moment)
            moment = found().due_at + timedelta(seconds=1)
        assert pauses == sorted(pauses)
        assert pauses[0] == timedelta(seconds=30)
        assert pauses[-1] == timedelta(hours=2)
        assert found().given_up_at is not None
        assert found().attempts == MOST_ATTEMPTS


def test_without_a_server_letters_stay_to_be_read(world: World) -> None:
    write()
    assert send_due_letters() == 0
    assert (found().sent_at, found().attempts) == (None, 0)

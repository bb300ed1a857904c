"""One attempt: to the checked address alone, under verified TLS, and over in time."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

from app.hooks import guarding
from app.hooks.connecting import Answer, Postman
from tests.browser.certificates import Certificate, make_certificate
from tests.hooks import receiver as programs
from tests.hooks.receiver import Receiver, receiving

HOST = "dure.test"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def listening(certificate: Certificate) -> Iterator[Receiver]:
    with receiving(certificate.shown()) as receiver:
        yield receiver


@pytest.fixture
def plain() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


def here(_host: str, _port: int) -> list[str]:
    return ["127.0.0.1"]


def post(postman: Postman, url: str) -> Answer:
    return postman.post(url, b'{"hello":1}', {"webhook-id": "msg_1"})


def test_a_message_arrives_under_the_name_of_its_host(listening: Receiver, certificate: Certificate) -> None:
    postman = Postman(loopback=True, resolve=here, trust=certificate.trusted())
    assert post(postman, f"https://{HOST}:{listening.port}/dure?x=1") == Answer(204)
    (heard,) = listening.heard
    assert (heard.path, heard.body) == ("/dure?x=1", b'{"hello":1}')
    assert heard.headers["Host"] == f"{HOST}:{listening.port}"
    assert heard.headers["Content-Type"] == "application/json"
    assert heard.headers["webhook-id"] == "msg_1"


def test_a_certificate_for_another_name_is_refused(listening: Receiver, certificate: Certificate) -> None:
    postman = Postman(loopback=True, resolve=here, trust=certificate.trusted())
    assert post(postman, f"https://other.test:{listening.port}/") == Answer(error="certificate")
    assert listening.heard == []


def test_a_certificate_that_nobody_vouches_for_is_refused(listening: Receiver) -> None:
    postman = Postman(loopback=True, resolve=here)
    assert post(postman, f"https://{HOST}:{listening.port}/") == Answer(error="certificate")
    assert listening.heard == []


def test_a_name_that_leads_inside_is_never_connected_to(
    listening: Receiver, certificate: Certificate
) -> None:
    postman = Postman(resolve=here, trust=certificate.trusted())
    assert post(postman, f"https://{HOST}:{listening.port}/") == Answer(error="private")
    assert listening.heard == []


def test_without_the_guard_it_would_be(
    listening: Receiver, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: the receiver above could be reached."""
    monkeypatch.setattr(guarding, "is_public", lambda _address: True)
    postman = Postman(resolve=here, trust=certificate.trusted())
    assert post(postman, f"https://{HOST}:{listening.port}/") == Answer(204)


def test_the_checked_address_is_the_one_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that answers differently the second time is asked once."""
    asked, reached = [], []

    def rebinding(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["1.1.1.1"] if len(asked) == 1 else ["127.0.0.1"]

    def connect(address: tuple[str, int], **_options: Any) -> socket.socket:
        reached.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)
    assert post(Postman(resolve=rebinding), "https://example.org/") == Answer(error="connection")
    assert (asked, reached) == (["example.org"], [("1.1.1.1", 443)])


def test_a_name_with_one_address_inside_is_not_tried_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    reached: list[object] = []
    monkeypatch.setattr(socket, "create_connection", lambda address, **_options: reached.append(address))
    postman = Postman(resolve=lambda _host, _port: ["1.1.1.1", "10.0.0.7"])
    assert post(postman, "https://example.org/") == Answer(error="private")
    assert reached == []


def test_a_redirect_is_an_answer_and_not_a_way(plain: Receiver) -> None:
    with receiving() as inside:
        plain.answers = [programs.redirect_to(inside.url)]
        assert post(Postman(loopback=True), plain.url) == Answer(307, "redirect")
        assert (len(plain.heard), inside.heard) == (1, [])


def test_no_proxy_of_the_environment_is_asked(plain: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving() as proxy:
        for name in ("http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        assert post(Postman(loopback=True), plain.url) == Answer(204)
        assert (len(plain.heard), proxy.heard) == (1, [])


@pytest.mark.parametrize("slow", [programs.say_nothing, programs.drip_headers])
def test_whoever_answers_slowly_is_left(plain: Receiver, slow: programs.Answering) -> None:
    plain.answers = [slow]
    begun = time.monotonic()
    assert post(Postman(loopback=True, seconds=0.3), plain.url) == Answer(error="timeout")
    assert time.monotonic() - begun < 2.5


def test_a_body_that_drips_is_not_waited_for(plain: Receiver) -> None:
    plain.answers = [programs.drip_body]
    begun = time.monotonic()
    assert post(Postman(loopback=True), plain.url) == Answer(200)
    assert time.monotonic() - begun < 2.5


def test_a_resolver_that_hangs_is_left() -> None:
    def hang(_host: str, _port: int) -> list[str]:
        time.sleep(5)
        return ["1.1.1.1"]

    begun = time.monotonic()
    assert post(Postman(resolve=hang, seconds=0.2), "https://example.org/") == Answer(error="timeout")
    assert time.monotonic() - begun < 2.5


@pytest.mark.parametrize("nonsense", [programs.speak_nonsense, programs.flood])
def test_what_is_no_http_is_an_error(plain: Receiver, nonsense: programs.Answering) -> None:
    plain.answers = [nonsense]
    assert post(Postman(loopback=True), plain.url) == Answer(error="answer")


@pytest.mark.parametrize(("status", "error"), [(200, None), (202, None), (400, "status"), (410, "gone")])
def test_the_status_decides(plain: Receiver, status: int, error: str | None) -> None:
    plain.answers = [status]
    assert post(Postman(loopback=True), plain.url) == Answer(status, error)


def test_nobody_there_and_no_such_name(plain: Receiver) -> None:
    def unknown(_host: str, _port: int) -> list[str]:
        raise socket.gaierror

    assert post(Postman(resolve=unknown), "https://example.org/") == Answer(error="name")
    closed = socket.create_server(("127.0.0.1", 0))
    port = closed.getsockname()[1]
    closed.close()
    assert post(Postman(loopback=True), f"http://127.0.0.1:{port}/") == Answer(error="connection")


def test_tls_is_not_spoken_to_a_plain_port(plain: Receiver) -> None:
    postman = Postman(loopback=True, resolve=here)
    assert post(postman, f"https://{HOST}:{plain.port}/").error == "tls"

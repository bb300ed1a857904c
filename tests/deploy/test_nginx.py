"""The shipped nginx site: a cache of one second for what everybody sees, and for nothing else."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from app.web.languages import preferred
from bench.driving import Answer, Ask, fetch
from bench.front import in_front_of, move_site, nginx, write_out
from bench.servers import Server
from tests.browser.certificates import make_certificate

WIDGET = "/embed/v1/a-light"
PUBLIC = "public, max-age=15"
LOGGING = "access_log {folder}/access.log combined; error_log {folder}/errors.log error;"
SINCE = "0123456789abcdef01234567"


class Application(ThreadingHTTPServer):
    """Stands for `dure serve`: says what it is told to say, and remembers what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Asked)
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.says: dict[str, str] = {"Cache-Control": PUBLIC}
        self.status = 200
        self.seconds = 0.0
        self.hangs_up = False


class Asked(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Application

    def do_GET(self) -> None:
        server = self.server
        server.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        body = b"" if server.status == 204 else f"{len(server.asked)}".encode()
        time.sleep(server.seconds)
        if server.hangs_up:
            self.close_connection = True
            return
        self.send_response(server.status)
        for name, value in server.says.items():
            self.send_header(name, value)
        if body:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the base class's
        """Say nothing."""


@pytest.fixture(scope="module")
def upstream() -> Iterator[Application]:
    with Application() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def front(upstream: Application, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("nginx")
    with in_front_of(upstream.server_port, folder, LOGGING.format(folder=folder)) as started:
        yield started


@pytest.fixture
def logs(front: Server, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """All that nginx has written down in this test once it has written of ``where``."""
    files = [tmp_path_factory.getbasetemp() / "nginx0" / name for name in ("access.log", "errors.log")]
    for file in files:
        file.write_text("")

    def read(where: str) -> str:
        end = time.monotonic() + 5
        while where not in (text := "".join(file.read_text() for file in files)):
            assert time.monotonic() < end, f"nginx has not written of {where}: {text}"
            time.sleep(0.01)
        return text

    return read


def stay_within_ten_seconds(needed: float) -> None:
    """Begin where the clock lets a copy live for ``needed`` seconds more."""
    left = 10 - time.time() % 10
    if left < needed:
        time.sleep(left + 0.01)


@pytest.fixture
def application(upstream: Application) -> Application:
    """The application as on the first day."""
    stay_within_ten_seconds(0.5)
    upstream.asked.clear()
    upstream.says, upstream.status, upstream.seconds = {"Cache-Control": PUBLIC}, 200, 0.0
    upstream.hangs_up = False
    return upstream


@pytest.fixture
def path(request: pytest.FixtureRequest) -> str:
    """An address that nobody has asked for yet."""
    return f"{WIDGET}-{abs(hash(request.node.nodeid))}"


def get(front: Server, path: str, **headers: str) -> Answer:
    return fetch(
        front.port, Ask(path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    )


def test_the_shipped_site_is_taken_as_it_stands(tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path)
    site = move_site(
        {
            "/var/cache/nginx/dure": str(tmp_path / "cache"),
            "/etc/letsencrypt/live/dure.example.org/fullchain.pem": str(certificate.chain),
            "/etc/letsencrypt/live/dure.example.org/privkey.pem": str(certificate.key),
        }
    )
    main = write_out(tmp_path, site)
    words = [nginx(), "-t", "-p", str(tmp_path), "-c", str(main)]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=30)
    assert done.returncode == 0, done.stderr


def test_nobody_waits_for_the_form_of_another(front: Server, application: Application) -> None:
    application.says, application.seconds = {"Cache-Control": "private, no-store"}, 0.2
    begun = time.monotonic()
    with ThreadPoolExecutor(10) as readers:
        bodies = {answer.body for answer in readers.map(lambda _n: get(front, f"{WIDGET}/sign"), range(10))}
    assert len(bodies) == 10
    assert time.monotonic() - begun < 1.5  # one after the other took two seconds and more


def test_a_crowd_at_once_is_one_question_and_a_later_one_is_asked_anew(
    front: Server, application: Application, path: str
) -> None:
    application.seconds = 0.2
    with ThreadPoolExecutor(20) as crowd:
        bodies = {answer.body for answer in crowd.map(lambda _n: get(front, path), range(60))}
    assert bodies == {b"1"}
    assert len(application.asked) == 1
    application.seconds = 0.0
    end = time.monotonic() + 2.5
    while get(front, path).body == b"1":
        assert time.monotonic() < end, "an old copy stays"
        time.sleep(0.1)


def test_while_one_fetches_it_anew_the_others_are_not_kept_waiting(
    front: Server, application: Application, path: str
) -> None:
    stay_within_ten_seconds(4)
    get(front, path)
    application.seconds = 0.8
    time.sleep(2.1)
    with ThreadPoolExecutor(2) as crowd:
        anew = crowd.submit(get, front, path)
        time.sleep(0.2)
        began = time.monotonic()
        old = get(front, path)
        took = time.monotonic() - began
        assert anew.result().body == b"2"
    assert (old.body, old.headers["X-Cache"]) == (b"1", "UPDATING")
    assert took < 0.4


@pytest.mark.parametrize(
    ("says", "headers"),
    [
        ({"Cache-Control": "private, no-store"}, {}),
        ({"Cache-Control": "no-store"}, {}),
        ({}, {}),
        ({"Cache-Control": PUBLIC, "Set-Cookie": "a=b"}, {}),
        ({"Cache-Control": PUBLIC}, {"Authorization": "Bearer of-a-partner"}),
    ],
    ids=["private", "no-store", "silent", "with-a-cookie", "to-a-partner"],
)
def test_what_is_not_for_everybody_is_never_kept(
    front: Server, application: Application, path: str, says: dict[str, str], headers: dict[str, str]
) -> None:
    application.says = says
    assert [get(front, path, **headers).body for _ in range(3)] == [b"1", b"2", b"3"]


@pytest.mark.parametrize("where", ["/", "/petitions/a-light", "/embedded", "/me"])
def test_pages_are_never_kept(front: Server, application: Application, where: str) -> None:
    assert [get(front, where, Cookie="dure=1").body for _ in range(2)] == [b"1", b"2"]
    assert application.asked[0][1]["cookie"] == "dure=1"


@pytest.mark.parametrize(
    "where",
    [
        "/embed/v1/x.svg",
        "/embed/v1.2.3/loader.js",
        "/embed/v1/%EA%B5%90%EC%B0%A8%EB%A1%9C",
        f"/embed/v1/x?theme=dark&lang=en&color=1f6b4a&since={SINCE}&via=news.example:8443",
        "/oembed?url=https%3A%2F%2Fx&format=xml&maxwidth=480&maxheight=300&lang=ko",
        "/api/v1/petitions",
        "/api/v1/petitions?page=2&anything=else",
    ],
)
def test_what_everybody_sees_is_kept(front: Server, application: Application, where: str) -> None:
    first = get(front, where, Cookie="dure=1", X_Forwarded_For="8.8.8.8")
    assert (first.body, get(front, where).body) == (b"1", b"1")
    [(asked_path, asked)] = application.asked
    assert asked_path.replace("?&", "?") == where
    assert "cookie" not in asked
    assert asked["x-forwarded-for"] == "127.0.0.1"


def test_json_is_asked_anew_in_every_second(front: Server, application: Application) -> None:
    """One second here and one in the application make the two that its readers are promised."""
    time.sleep(1.01 - time.time() % 1)
    bodies = [get(front, "/api/v1/petitions?q=x").body for _ in range(2)]
    time.sleep(1.01 - time.time() % 1)
    assert [*bodies, get(front, "/api/v1/petitions?q=x").body] == [b"1", b"1", b"2"]


def test_a_page_is_asked_for_in_the_readers_own_words(front: Server, application: Application) -> None:
    get(front, "/petitions/a-light", Accept_Language="de, ko;q=0.5")
    assert application.asked[0][1]["accept-language"] == "de, ko;q=0.5"


@pytest.mark.parametrize(
    ("kept", "asked"),
    [
        ("", "?of=me"),
        ("", "?theme=auto&lang=de&color=red&since=1&via=a/b"),
        ("", "?theme=LIGHT&lang=KO"),
        ("", "?%74heme=dark"),
        ("?theme=dark", "?theme=dark&utm_source=x&utm_medium=y"),
        ("?theme=dark", "?theme=dark&theme=light"),
        ("?color=1f6b4a&lang=en", "?lang=en&color=%231f6b4a&"),
    ],
)
def test_made_up_arguments_are_the_same_widget(
    front: Server, application: Application, path: str, kept: str, asked: str
) -> None:
    """The application is asked for nothing but what is in the key: no reader is given another's widget."""
    bodies = [get(front, path + query).body for query in (asked, kept, asked)]
    assert bodies == [b"1"] * 3
    [(asked_path, _headers)] = application.asked
    assert sorted(filter(None, asked_path.removeprefix(path)[1:].split("&"))) == sorted(
        filter(None, kept[1:].split("&"))
    )


@pytest.mark.parametrize(
    "query",
    [
        "?theme=light",
        "?theme=dark",
        "?lang=ko",
        "?lang=en",
        "?color=1f6b4a",
        f"?since={SINCE}",
        "?via=news.example",
        "?THEME=dark&theme=light",
        "%3Ftheme=light",
        "%3F&theme=light",
    ],
)
def test_another_widget_is_another_answer(
    front: Server, application: Application, path: str, query: str
) -> None:
    bodies = [get(front, where).body for where in (path, path + query, path, path + query)]
    assert bodies == [b"1", b"2", b"1", b"2"]


@pytest.mark.parametrize(("one", "other"), [("url=a", "url=b"), ("url=a", "url=a&maxwidth=300")])
def test_another_question_to_oembed_is_another_answer(
    front: Server, application: Application, one: str, other: str
) -> None:
    mark = time.monotonic_ns()
    asked = [f"/oembed?format=xml{mark}&{query}" for query in (one, other)]
    assert [get(front, where).body for where in (*asked, *asked)] == [b"1", b"2", b"1", b"2"]


WATCHED = (
    f"{WIDGET}?via=news.example",
    f"{WIDGET}.svg",
    f"{WIDGET}/sign",
    "/embed/v1/loader.js",
    "/oembed?url=x",
    "/static/embed/frame.css",
)
ARTICLE = "https://news.example/an-article"


def lines_of_readers(text: str) -> list[str]:
    """What was written of the article's readers; nginx may be late with a line of the test before."""
    signs = (ARTICLE, *(urlsplit(where).path for where in WATCHED))
    return [line for line in text.splitlines() if any(sign in line for sign in signs)]


def test_who_reads_a_widget_and_where_is_written_down_nowhere(
    front: Server, application: Application, logs: Callable[[str], str]
) -> None:
    """A reader of a page of our own is, which shows that the log is on."""
    application.says = {"Cache-Control": "no-store"}
    for where in (*WATCHED, "/petitions/a-light"):
        assert get(front, where, Referer=ARTICLE).status == 200
    [line] = lines_of_readers(logs("/petitions/a-light"))
    assert line.startswith("127.0.0.1 ")
    assert ARTICLE in line


def test_nor_is_it_when_the_application_fails(
    front: Server, application: Application, logs: Callable[[str], str]
) -> None:
    application.hangs_up = True
    for where in (*WATCHED, "/petitions/a-light"):
        assert get(front, where, Referer=ARTICLE).status == 502
    text = logs("/petitions/a-light")
    assert "client: 127.0.0.1" in text
    assert not [line for line in lines_of_readers(text) if "/petitions/a-light" not in line]


@pytest.mark.parametrize("status", [204, 404, 410])
def test_the_end_of_a_petition_is_kept_too(
    front: Server, application: Application, path: str, status: int
) -> None:
    application.status = status
    assert [get(front, path).status for _ in range(2)] == [status, status]
    assert len(application.asked) == 1


def test_an_error_is_not_kept(front: Server, application: Application, path: str) -> None:
    application.status = 500
    assert get(front, path).status == 500
    application.status = 200
    assert get(front, path).status == 200


def test_forms_go_through(front: Server, application: Application, path: str) -> None:
    asks = [Ask(path, form={"name": "민지"})] * 2
    assert [fetch(front.port, ask).body for ask in asks] == [b"1", b"2"]


def test_a_reader_who_has_it_is_told_so(front: Server, application: Application, path: str) -> None:
    application.says |= {"ETag": 'W/"abc-1"'}
    get(front, path)
    again = get(front, path, If_None_Match='W/"abc-1"')
    assert (again.status, again.body) == (304, b"")
    assert get(front, path, If_None_Match='W/"abc-0"').status == 200
    assert len(application.asked) == 1
    assert "if-none-match" not in application.asked[0][1]


@pytest.mark.parametrize(
    "accepted",
    [
        "ko-KR,ko;q=0.9,en-US;q=0.8,en;q=0.7",
        "en-GB,en;q=0.9,ko;q=0.8",
        "en-US,en;q=0.5",
        "fr-FR,fr;q=0.9,en;q=0.8",
        "ja,ko;q=0.9,en;q=0.8",
        "kok,en",
        "en",
        "KO",
        "de",
        "*",
        "",
    ],
)
def test_readers_of_one_language_share_a_copy(
    front: Server, application: Application, path: str, accepted: str
) -> None:
    get(front, path, Accept_Language=accepted)
    [(_path, asked)] = application.asked
    assert asked["accept-language"] == preferred(accepted)
    assert get(front, path, Accept_Language=preferred(accepted)).body == b"1"
    other = {"ko": "en", "en": "ko"}[preferred(accepted)]
    assert get(front, path, Accept_Language=other).body == b"2"

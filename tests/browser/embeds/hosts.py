"""Other people's sites: a blog, a newspaper and a stranger, on one TLS server that knows them by name."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import quote

from app.config import ROOT
from tests.browser.certificates import Certificate
from tests.browser.site import Site

EXAMPLES = ROOT / "docs" / "embed"
WRITTEN_FOR = "https://dure.example.org"
WRITTEN_ABOUT = "a-light-at-the-crossing"
WRITTEN_BY = "k3vq8t2mxw"
"""The address, the petition and the person that the examples in docs/ speak of."""


@dataclass(frozen=True)
class Leaf:
    """One page of somebody's site: its text and what its server says of it."""

    html: str
    headers: Mapping[str, str] = field(default_factory=dict)


class Hosts:
    """``put`` a page, then visit the address it gives."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.slug: str = site.open_petition()["slug"]
        self.handle = handle_of(site, self.slug)
        self.leaves: dict[tuple[str, str], Leaf] = {}
        self.port = 0

    def address(self, host: str, path: str = "/") -> str:
        return f"https://{host}:{self.port}{path}"

    def put(self, host: str, html: str, *, path: str = "/article", **headers: str) -> str:
        """Lay a page there; header names with ``_`` for ``-``. What stands in docs/ is said of this site.

        ``DURE`` in a header stands for the origin of Dure.
        """
        said = {
            name.replace("_", "-"): value.replace("DURE", self.site.base_url)
            for name, value in headers.items()
        }
        self.leaves[host, path] = Leaf(self.about_us(html), said)
        return self.address(host, path)

    def example(self, name: str, *, host: str, **headers: str) -> str:
        """One of the pages of docs/embed/, on somebody's site."""
        return self.put(host, (EXAMPLES / name).read_text(), path=f"/{name}", **headers)

    def about_us(self, html: str) -> str:
        """In addresses a slug is percent-encoded, in the element's attribute it is not."""
        ours = html.replace(WRITTEN_FOR, self.site.base_url).replace(WRITTEN_BY, self.handle)
        return ours.replace(f'slug="{WRITTEN_ABOUT}"', f'slug="{self.slug}"').replace(
            WRITTEN_ABOUT, quote(self.slug)
        )


def handle_of(site: Site, slug: str) -> str:
    """The name under which whoever started the petition has a page."""
    link = quote(f"{site.base_url}/petitions/{quote(slug)}", safe="")
    author: str = site.json(f"/oembed?url={link}")["author_url"]
    return author.rpartition("/")[2]


def handler_for(hosts: Hosts) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            host = self.headers.get("Host", "").partition(":")[0]
            leaf = hosts.leaves.get((host, self.path.partition("?")[0]))
            body = leaf.html.encode() if leaf else b""
            self.send_response(200 if leaf else 404)
            for name, value in (leaf.headers if leaf else {}).items():
                self.send_header(name, value)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the base class's
            """Say nothing."""

    return Handler


@contextmanager
def serving(site: Site, certificate: Certificate) -> Iterator[Hosts]:
    hosts = Hosts(site)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler_for(hosts))
    server.socket = certificate.shown().wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    server.daemon_threads = True
    hosts.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield hosts
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def page_with(body: str, head: str = "") -> str:
    """A host's page around an embed."""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>An article</title>{head}</head>'
        f"<body><h1>An article</h1>{body}</body></html>"
    )

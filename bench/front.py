"""nginx on loopback with the site that `deploy/production/nginx.conf` ships, in a folder of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from pwd import getpwuid

from app.config import ROOT

from .servers import Server, free_port, stop, wait_until_ready

SHIPPED = ROOT / "deploy" / "production" / "nginx.conf"
LOOPBACK_HTTP = "listen 127.0.0.1:{port};"
AROUND = """
{user}
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
daemon off;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000000;
    client_body_temp_path {folder}/temp;
    proxy_temp_path {folder}/temp;
    fastcgi_temp_path {folder}/temp;
    uwsgi_temp_path {folder}/temp;
    scgi_temp_path {folder}/temp;
    include {folder}/site.conf;
}}
"""


def nginx() -> str:
    """The program; Debian keeps it where only root looks.

    Raises:
        RuntimeError: it is not installed.
    """
    found = shutil.which("nginx", path=os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin")))
    if found is None:
        raise RuntimeError("nginx is missing: apt-get install nginx-light")
    return found


def move_site(changes: Mapping[str, str]) -> str:
    """The shipped site with what belongs to one machine changed: addresses, folders, certificates.

    Raises:
        ValueError: the shipped site no longer has what is to be changed.
    """
    text = SHIPPED.read_text()
    for old, new in changes.items():
        if old not in text:
            raise ValueError(f"{SHIPPED.name} has no {old!r}")
        text = text.replace(old, new)
    return text


def lay_out(folder: Path, port: int, upstream: int, more: str = "") -> Path:
    """Write the configuration for plain HTTP on ``port``; ``more`` is put into the server. Its path."""
    site = move_site(
        {
            "server 127.0.0.1:8000;": f"server 127.0.0.1:{upstream};",
            "/var/cache/nginx/dure": str(folder / "cache"),
            "listen 443 ssl http2;": LOOPBACK_HTTP.format(port=port) + more,
            "server_name dure.example.org;": "",
            "ssl_certificate /etc/letsencrypt/live/dure.example.org/fullchain.pem;": "",
            "ssl_certificate_key /etc/letsencrypt/live/dure.example.org/privkey.pem;": "",
        }
    )
    return write_out(folder, site)


def write_out(folder: Path, site: str) -> Path:
    """Lay ``site`` into ``folder``, with what nginx needs around it; the main file's path."""
    (folder / "site.conf").write_text(site)
    main = folder / "nginx.conf"
    as_we_are = f"user {getpwuid(os.geteuid()).pw_name};" if os.geteuid() == 0 else ""
    main.write_text(AROUND.format(folder=folder, user=as_we_are))
    return main


@contextmanager
def in_front_of(upstream: int, folder: Path, more: str = "") -> Iterator[Server]:
    """The shipped site before an application on port ``upstream``, until the block ends."""
    port = free_port()
    main = lay_out(folder, port, upstream, more)
    process = subprocess.Popen(
        [nginx(), "-p", str(folder), "-c", str(main)], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        server = Server(process, port)
        wait_until_ready(server, "/", folder / "error.log")
        yield server
    finally:
        stop(process)

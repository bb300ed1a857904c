"""A certificate of our own, for sites whose names only the browser of the tests resolves."""

from __future__ import annotations

import base64
import hashlib
import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path

DURE = "dure.test"
BLOG, PAPER, STRANGER = "blog.test", "paper.test", "stranger.test"
"""Each a site of its own to a browser: none shares a registrable domain with another."""


@dataclass(frozen=True)
class Certificate:
    """One key and one self-signed certificate for every name above and for 127.0.0.1."""

    chain: Path
    key: Path
    fingerprint: str
    """SHA-256 of the public key, as Chromium wants it named."""

    @property
    def arguments_of_gunicorn(self) -> str:
        return f"--certfile {self.chain} --keyfile {self.key}"

    @property
    def flags_of_chromium(self) -> list[str]:
        """Unlike ignoring errors, this keeps caches and ``Secure`` cookies what they are for real sites."""
        return [
            "--host-resolver-rules=MAP *.test 127.0.0.1",
            f"--ignore-certificate-errors-spki-list={self.fingerprint}",
        ]

    def trusted(self) -> ssl.SSLContext:
        """For scripts."""
        return ssl.create_default_context(cafile=str(self.chain))

    def shown(self) -> ssl.SSLContext:
        """For servers."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.chain, self.key)
        return context


def make_certificate(folder: Path) -> Certificate:
    chain, key = folder / "chain.pem", folder / "key.pem"
    names = ",".join(f"DNS:{name}" for name in (DURE, BLOG, PAPER, STRANGER))
    openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", str(key))
    openssl(
        *("req", "-x509", "-key", str(key), "-out", str(chain), "-days", "2", "-subj", f"/CN={DURE}"),
        *("-addext", f"subjectAltName={names},IP:127.0.0.1"),
    )
    public = openssl("pkey", "-in", str(key), "-pubout", "-outform", "DER")
    return Certificate(chain, key, base64.b64encode(hashlib.sha256(public).digest()).decode())


def openssl(*words: str) -> bytes:
    return subprocess.run(["openssl", *words], check=True, capture_output=True, timeout=30).stdout

"""Settings: environment variables with the prefix ``DURE_``, read once when the app is made."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"

HOUR = 60 * 60
DAY = 24 * HOUR


class Settings(BaseSettings):
    """What an operator may change. Durations are seconds."""

    model_config = SettingsConfigDict(env_prefix="DURE_", extra="ignore")

    env: str = "development"
    host: str = "127.0.0.1"
    port: int = 8000
    base_url: str = ""
    database_url: str = ""
    redis_url: str = ""
    smtp_url: str = ""
    mail_from: str = "Dure <dure@localhost>"
    secret_key: SecretStr = SecretStr("")
    address_key: SecretStr = SecretStr("")
    """What e-mail addresses are hashed with; the secret key where it is not set. It must never change."""
    demo: bool = False
    limits: Literal["on", "off"] = "on"
    trusted_proxies: int = 0
    metrics_token: SecretStr = SecretStr("")
    verification_window: int | None = None
    snapshot_seconds: float = 1.0
    lending_registration: str = ""
    charge_fee: dict[str, int] = {"KRW": 100, "JPY": 10, "USD": 30, "EUR": 25, "GBP": 20}
    """What the gateway takes for one charge, in minor units by currency: small monthly sums are carried on
    until it is under a tenth of them."""
    webhooks_to_loopback: bool = False
    """Lets webhooks go to this very machine, without TLS too: for trying a receiver out."""
    media_dir: Path = VAR / "media"
    data_dir: Path = Path()
    """Where the open data of the last days lies; beside the SQLite database or in ``var/`` if not said."""
    open_data: Literal["on", "off"] = "on"
    workers: int = 2

    @field_validator("database_url")
    @classmethod
    def name_the_driver(cls, url: str) -> str:
        """Say which PostgreSQL driver is meant; the usual spellings do not."""
        for prefix in ("postgres://", "postgresql://"):
            if url.startswith(prefix):
                return "postgresql+psycopg://" + url.removeprefix(prefix)
        return url

    @model_validator(mode="after")
    def fill_in_and_refuse(self) -> Settings:
        """Fill what follows from other settings; refuse demo settings in production.

        Raises:
            ValueError: production without a secret key or a base URL, or with the demo switched on.
        """
        self.base_url = (self.base_url or f"http://127.0.0.1:{self.port}").rstrip("/")
        if self.production:
            if self.demo:
                raise ValueError("DURE_DEMO is for trying Dure out; production refuses it.")
            if self.webhooks_to_loopback:
                raise ValueError("DURE_WEBHOOKS_TO_LOOPBACK is for trying; production refuses it.")
            if len(self.secret_key.get_secret_value()) < 32:
                raise ValueError("Set DURE_SECRET_KEY to at least 32 random characters.")
            if urlsplit(self.base_url).scheme != "https":
                raise ValueError("Set DURE_BASE_URL to the public https:// address.")
        if not self.database_url:
            VAR.mkdir(exist_ok=True)
            self.database_url = f"sqlite:///{VAR / 'dure.db'}"
        if self.data_dir == Path():
            self.data_dir = data_beside(self.database_url)
        if not self.secret_key.get_secret_value():
            self.secret_key = SecretStr(generated_key(VAR / "secret_key"))
        if not self.address_key.get_secret_value():
            self.address_key = self.secret_key
        return self

    @property
    def production(self) -> bool:
        return self.env == "production"

    @property
    def window_seconds(self) -> int:
        """How long a tipped petition waits before it fires."""
        if self.verification_window is not None:
            return self.verification_window
        return 60 if self.demo else DAY

    @property
    def sponsors_needed(self) -> int:
        return 1 if self.demo else 5

    @property
    def retry_seconds(self) -> int:
        """Between two tries to place a hold on the same method; there are three retries."""
        return 60 if self.demo else DAY

    @property
    def vote_seconds(self) -> int:
        """How long backers have to vote on a claimed milestone; silence accepts."""
        return 60 if self.demo else 7 * DAY

    @property
    def notice_seconds(self) -> int:
        """Between the moment a proposal is put to the members and the beginning of the vote."""
        return 60 if self.demo else 7 * DAY

    @property
    def ballot_seconds(self) -> int:
        """How long members have to vote on a proposal."""
        return 60 if self.demo else 7 * DAY

    @property
    def webhook_pauses(self) -> tuple[int, ...]:
        """Between the tries to deliver one webhook message; after the last it is given up."""
        if self.demo:
            return (2, 5, 10, 20)
        return (5, 300, 1800, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, DAY)

    @property
    def webhook_patience(self) -> int:
        """How long nothing may reach a webhook before it is switched off."""
        return 120 if self.demo else 5 * DAY

    @property
    def answer_days(self) -> int:
        return 30


def data_beside(url: str) -> Path:
    """A folder beside the SQLite database, named after it; one in ``var/`` for a server."""
    scheme, _, path = url.partition(":///")
    return Path(f"{path.partition('?')[0].removesuffix('.db')}-data") if scheme == "sqlite" else VAR / "data"


def generated_key(path: Path) -> str:
    """The key that every command run from this checkout shares, made at first use.

    It is there in whole or not at all, whoever else is about to make it.
    """
    path.parent.mkdir(exist_ok=True)
    if not path.exists():
        mine = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        mine.touch(0o600)
        mine.write_text(secrets.token_urlsafe(48))
        with suppress(FileExistsError):
            os.link(mine, path)
        mine.unlink()
    return path.read_text()

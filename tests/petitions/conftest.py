"""A client whose requests share nothing with the test around them."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.fresh import FreshClient


@pytest.fixture
def client(app: Flask) -> FreshClient:
    return FreshClient(app, app.response_class)

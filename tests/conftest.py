"""What tests of several folders share."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))

from feed_server import FeedServer


@pytest.fixture
def feed_server() -> Iterator[FeedServer]:
    """A server on 127.0.0.1 that answers as a test scripts it."""
    with FeedServer() as server:
        yield server

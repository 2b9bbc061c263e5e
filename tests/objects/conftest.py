from pathlib import Path

import pytest
from object_server import Server

HERE = Path(__file__).parent


def pytest_ignore_collect(collection_path, config):
    """A server needs Go and a build: it is tested where it is asked for by name (`make test-objects`)."""
    named = [Path(argument.partition("::")[0]).resolve() for argument in config.args]
    return None if any(path == HERE or HERE in path.parents for path in named) else True


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("s3"))
    server.start()
    yield server
    server.stop()

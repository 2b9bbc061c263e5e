"""A real S3 server on this machine: VersityGW, which `make test-objects` builds."""

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

import obstore
from obstore.store import S3Store

ROOT = Path(__file__).parents[1]


class Server:
    """VersityGW, an S3 server over a directory: objects are files there, so that tests can look at them."""

    def __init__(self, home):
        self.home = home
        self.data = home / "data"
        self.port = free_port()
        for folder in (self.data, home / "attributes"):
            folder.mkdir()
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
            "AWS_ACCESS_KEY_ID": "newsbeam",
            "AWS_SECRET_ACCESS_KEY": "only-for-tests",
            "AWS_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.port}",
            "AWS_ALLOW_HTTP": "true",
        }

    def start(self):
        program = shutil.which("versitygw", path=f"{ROOT / 'build/objects'}:{os.environ.get('PATH', '')}")
        assert program, "no versitygw: make test-objects builds it"
        keys = {"ROOT_ACCESS_KEY": "newsbeam", "ROOT_SECRET_KEY": "only-for-tests"}
        place = ["--port", f"127.0.0.1:{self.port}", "posix", "--sidecar", self.home / "attributes", self.data]
        self.process = subprocess.Popen(
            [program, *place], env={**os.environ, **keys}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 60
        while not self.answers():
            assert self.process.poll() is None, "the server ended"
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def answers(self):
        with socket.socket() as caller:
            return caller.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self):
        self.process.kill()
        self.process.wait()

    def bucket(self, name):
        (self.data / name).mkdir()
        return f"s3://{name}"

    def delete(self, url):
        """Delete an object as a client does: files are not all that the server keeps."""
        bucket, _, key = url.removeprefix("s3://").partition("/")
        store = S3Store(
            bucket,
            access_key_id="newsbeam",
            secret_access_key="only-for-tests",
            region="us-east-1",
            endpoint=f"http://127.0.0.1:{self.port}",
            client_options={"allow_http": True},
        )
        obstore.delete(store, key)

    def folder(self, url):
        """Where the objects of a URL lie."""
        return self.data / url.removeprefix("s3://")


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]

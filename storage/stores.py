"""Object stores as the obstore package opens them, and what goes wrong with them as errors of the operating system."""

import contextlib
import errno
import functools
import os
import re
from collections.abc import Iterator
from typing import Any, Final, cast

from obstore.exceptions import (
    AlreadyExistsError,
    BaseError,
    PermissionDeniedError,
    PreconditionError,
    UnauthenticatedError,
)
from obstore.store import MemoryStore, ObjectStore, from_url

_TIMEOUT: Final = "5 min"
"""For one request: a file of 64 MB may take its time."""
_CLIENT_VARIABLES: Final = ("allow_http", "allow_invalid_certificates", "connect_timeout", "proxy_url", "timeout")
_PREFIXES: Final = {"s3": "AWS", "gs": "GOOGLE", "az": "AZURE", "abfss": "AZURE"}


class StoreError(OSError):
    """An object store failed, or refused the credentials."""


@functools.cache
def open_store(root: str) -> ObjectStore:
    """The store of a bucket's URL, opened once in a process."""
    scheme = root.partition("://")[0]
    if scheme == "memory":
        return MemoryStore()
    # Options that are given are all that hold: those of the environment have to be given along.
    named = {name: os.environ.get(f"{_PREFIXES[scheme]}_{name.upper()}") for name in _CLIENT_VARIABLES}
    options = {"timeout": _TIMEOUT} | {name: value for name, value in named.items() if value}
    return from_url(root, client_options=cast("Any", options))


@contextlib.contextmanager
def os_errors(path: object) -> Iterator[None]:
    """What goes wrong as an `OSError` that names the object, as for files."""
    try:
        yield
    except FileNotFoundError as error:
        raise FileNotFoundError(errno.ENOENT, "no such object", str(path)) from error
    except (AlreadyExistsError, PreconditionError) as error:
        raise FileExistsError(errno.EEXIST, "the object is there already, or is another than before", str(path)) from (
            error
        )
    except (PermissionDeniedError, UnauthenticatedError) as error:
        raise StoreError(errno.EACCES, "the object store refuses these credentials", str(path)) from error
    except BaseError as error:
        raise StoreError(errno.EIO, f"the object store failed: {_said(str(error))}", str(path)) from error


def _said(text: str) -> str:
    """What a store answered, where it did: S3's error of XML, Google's of JSON; else the first line."""
    if found := re.search(r"<Code>([^<]*)</Code>\s*<Message>([^<]*)</Message>", text):
        return f"{found[1]}: {found[2]}"
    if found := re.search(r'"message":\s*"([^"\\]*)', text):
        return found[1]
    return text.partition("\n")[0]

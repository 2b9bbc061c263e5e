"""What travels from gathering to committing, and where it lies meanwhile."""

import dataclasses
import datetime as dt
import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from articles import FeedState
from sinks.staging import StagedFile

STREAM: Final = "_stream"
"""Folder in the output directory: one folder a stream, with its staged rows and its stop sign."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What one look at some inputs gave: staged rows, and what the feeds they came from are now.

    Both travel in one element, so that no feed's state can be committed before its entries. `id` names this
    delivery alone: one that is handed over twice can be told from two. `read` counts the staged items by source,
    `repeated` those that an earlier delivery of the same inputs had.
    """

    id: str
    seen: dt.datetime
    files: tuple[StagedFile, ...] = ()
    read: Mapping[str, int] = dataclasses.field(default_factory=dict)
    repeated: Mapping[str, int] = dataclasses.field(default_factory=dict)
    feeds: tuple[FeedState, ...] = ()
    outcomes: Mapping[str, int] = dataclasses.field(default_factory=dict)
    last: str | None = None
    """The group of inputs that will give nothing more, as the stream is being stopped."""


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """Where a stream keeps what it needs beside the tables."""

    output: Path
    name: str

    @property
    def home(self) -> Path:
        """Its folder."""
        return self.output / STREAM / self.name

    @property
    def rows(self) -> Path:
        """Staged rows, committed or not."""
        return self.home / "rows"

    @property
    def stop_sign(self) -> Path:
        """While it is there the stream reads nothing more and commits what it has."""
        return self.home / "stop"

    @property
    def groups(self) -> Path:
        """The names of all groups of inputs."""
        return self.home / "groups.json"

    @property
    def started_with(self) -> Path:
        """A digest of the options that the job was started with."""
        return self.home / "started-with"

    @property
    def ended(self) -> Path:
        """Folder with a file for each group of inputs whose last delivery is committed."""
        return self.home / "ended"


def name_run(deliveries: Sequence[Delivery], stream: str) -> str:
    """The name of the run that commits these deliveries and no others, the earliest first."""
    digest = hashlib.blake2b("".join(sorted(delivery.id for delivery in deliveries)).encode(), digest_size=6)
    return f"{stream}-{deliveries[0].seen:%Y%m%dT%H%M%SZ}-{digest.hexdigest()}"


def is_run_of(run_id: str, stream: str) -> bool:
    """Whether a run of this name is one of the stream.

    >>> [is_run_of(f"{name}-20260305T120000Z-0123456789ab", "wires") for name in ("wires", "wires-eu")]
    [True, False]
    """
    return bool(re.fullmatch(rf"{re.escape(stream)}-[0-9]{{8}}T[0-9]{{6}}Z-[0-9a-f]{{12}}", run_id))

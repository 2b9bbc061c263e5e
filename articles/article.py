"""The one record that moves through newsbeam, column for column the row of the `articles` table."""

import dataclasses
import datetime as dt
from typing import Literal

Status = Literal["usable", "withheld", "canceled"]
DocType = Literal["story", "alert", "update", "correction", "wrapup", "advisory", "multi"]
DateSource = Literal["published", "dateline", "ingested"]
DuplicateKind = Literal["exact", "near"]
TextField = Literal["title", "body"]


@dataclasses.dataclass(frozen=True, slots=True)
class Credit:
    """A person or desk that worked on the text, in the role the text itself gives.

    `start` and `end` are half-open code point offsets into the body; both are None where the
    credit came as a field of the wire format.
    """

    role: str
    name: str | None = None
    code: str | None = None
    start: int | None = None
    end: int | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Dateline:
    """Where, when and through which agency a story was filed.

    `date_text` is verbatim. `date` stays None where the year can't be known. `start` and `end` are
    half-open code point offsets into the body, None where the dateline came as a field.
    """

    place: str | None = None
    agency: str | None = None
    date_text: str | None = None
    date: dt.date | None = None
    start: int | None = None
    end: int | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Artifact:
    """A place where translation or careless post-processing left its mark.

    `start` and `end` are half-open code point offsets into `field`; `text` is what stands there.
    `suggestion` replaces it, and is None where no replacement is safe. `mqm` is the category of the
    Multidimensional Quality Metrics typology, https://themqm.org.
    """

    kind: str
    mqm: str
    field: TextField
    start: int
    end: int
    text: str
    suggestion: str | None = None
    confidence: float = 1.0


@dataclasses.dataclass(frozen=True, slots=True)
class Rights:
    """What may be done with the text, as the wire gave it."""

    usage_terms: str | None = None
    copyright_holder: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Encoding:
    """How bytes became text: the charset that was declared, the one used, and what was repaired."""

    declared: str | None = None
    used: str | None = None
    repair: str | None = None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """What texts are compared by, see `transforms.duplicates.sketch.outline`."""

    length: int
    """Distinct shingles."""
    minhash: bytes
    lead: bytes
    figures: bytes
    shingles: bytes


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One version of one story, as far as the stages run so far have filled it in.

    The fields down to `schema_version` are the columns of the data contract (docs/data-contract.md);
    the ones after it are working fields, which stages hand to each other and no table keeps.
    """

    article_id: str = ""
    version: int = 1
    status: Status = "usable"
    doc_type: DocType = "story"
    story_id: str | None = None

    title: str = ""
    summary: str | None = None
    body: str = ""
    language: str | None = None
    language_confidence: float | None = None
    language_declared: str | None = None
    word_count: int = 0

    source_uri: str = ""
    source_format: str = ""
    source_item_id: str | None = None
    source_version: str | None = None
    url: str | None = None
    canonical_url: str | None = None
    publisher: str | None = None

    published_at: dt.datetime | None = None
    updated_at: dt.datetime | None = None
    embargoed_until: dt.datetime | None = None
    ingested_at: dt.datetime | None = None
    published_raw: str | None = None
    published_offset: int | None = None
    date_source: DateSource = "ingested"

    byline: tuple[str, ...] = ()
    credits: tuple[Credit, ...] = ()
    dateline: Dateline | None = None
    original_source: str | None = None

    slug: str | None = None
    take: str | None = None
    urgency: int | None = None
    section: str | None = None
    located: str | None = None
    keywords: tuple[str, ...] = ()
    editors_note: str | None = None
    rights: Rights | None = None

    artifacts: tuple[Artifact, ...] = ()
    translation_probability: float | None = None

    content_hash: str = ""
    encoding: Encoding | None = None
    payload_sha256: str = ""
    run_id: str = ""
    newsbeam_version: str = ""
    schema_version: int = 1

    # Working fields.
    item_index: int = 0
    """Position of the item in its payload, from 0: entry of a feed, line of a JSONL file."""
    provider: str | None = None
    """The name space in which `source_item_id` is unique; None where the id is unique in itself."""
    markup: frozenset[str] = frozenset()
    """Which of title, summary and body still hold HTML rather than text."""
    updated_raw: str | None = None
    """When the item was last changed, as the source said it."""
    embargo_raw: str | None = None
    """When an embargo ends, as the source said it."""
    revision: str = ""
    """Digest of all that the source gave of the item, 32 hex digits: what makes a re-read item unchanged."""
    known: bool = False
    """Whether an earlier run committed the item in this very revision, so that nothing more is done to it."""
    sketch: Sketch | None = None
    """None for a text too short to be near anything."""
    headline: bytes = bytes(8)
    """Digest of the folded headline without its flags."""
    edition: bytes = bytes(8)
    """Digest of what the headline's flags make of the text, such as update 2; zeros for a first telling."""


WORKING_FIELDS = (
    "item_index",
    "provider",
    "markup",
    "updated_raw",
    "embargo_raw",
    "revision",
    "known",
    "sketch",
    "headline",
    "edition",
)
"""Fields of `Article` that are no columns."""

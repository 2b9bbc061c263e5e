"""The data contract, version 1: the Arrow schema of every table, with a description on every field.

docs/data-contract.md is rendered from it (`sinks.contract`), and golden tests hold both. Changes
are additive only.
"""

from collections.abc import Mapping
from typing import Final

import pyarrow as pa

SCHEMA_VERSION: Final = 1

TIMESTAMP: Final = pa.timestamp("us", tz="UTC")


def _field(name: str, kind: pa.DataType, description: str, *, nullable: bool = True) -> pa.Field:
    return pa.field(name, kind, nullable=nullable, metadata={"description": description})


CREDIT: Final = pa.struct(
    [
        _field("role", pa.string(), "editor, reporter, writer, photographer, translator, contributor …"),
        _field("name", pa.string(), "as written"),
        _field("code", pa.string(), "desk or staff id, such as nbjs7825"),
        _field("start", pa.int32(), "first code point of the credit in the body; null where it came as a field"),
        _field("end", pa.int32(), "one past the last code point"),
    ]
)
DATELINE: Final = pa.struct(
    [
        _field("place", pa.string(), "as written; several joined by /"),
        _field("agency", pa.string(), "the agency or outlet named in the dateline"),
        _field("date_text", pa.string(), "verbatim"),
        _field("date", pa.date32(), "null where the year can't be known"),
        _field("start", pa.int32(), "first code point in the body; null where it came as a field"),
        _field("end", pa.int32(), "one past the last code point"),
    ]
)
ARTIFACT: Final = pa.struct(
    [
        _field("kind", pa.string(), "one of docs/artifacts.md"),
        _field("mqm", pa.string(), "category of the MQM typology"),
        _field("field", pa.string(), "title or body"),
        _field("start", pa.int32(), "first code point in the field"),
        _field("end", pa.int32(), "one past the last code point"),
        _field("text", pa.string(), "what stands there"),
        _field("suggestion", pa.string(), "what should stand there; null where no replacement is safe"),
        _field("confidence", pa.float32(), "0…1"),
    ]
)
RIGHTS: Final = pa.struct(
    [
        _field("usage_terms", pa.string(), "as the source gave them"),
        _field("copyright_holder", pa.string(), "as the source gave it"),
    ]
)
ENCODING: Final = pa.struct(
    [
        _field("declared", pa.string(), "charset the source declared"),
        _field("used", pa.string(), "charset the bytes were read in"),
        _field("repair", pa.string(), "what was mended; null where nothing was"),
    ]
)

ARTICLES: Final = pa.schema(
    [
        _field(
            "article_id",
            pa.string(),
            "Stable identity, 32 hex digits: of provider and item id, else of the canonical URL, else of the content. "
            "The same item read twice has the same id.",
            nullable=False,
        ),
        _field("version", pa.int32(), "1… per article_id, in the order newsbeam saw them.", nullable=False),
        _field("status", pa.string(), "usable, withheld or canceled (a kill).", nullable=False),
        _field(
            "doc_type",
            pa.string(),
            "story, alert, update, correction, wrapup, advisory or multi.",
            nullable=False,
        ),
        _field("story_id", pa.string(), "Shared by versions, updates and duplicates of one story."),
        _field("title", pa.string(), "Repaired encoding, NFC, one line; words never changed.", nullable=False),
        _field("summary", pa.string(), "What the source gave as its summary."),
        _field(
            "body",
            pa.string(),
            "The fullest text the source gave. Repaired encoding, NFC, tidy blanks; words never changed. "
            "Paragraphs are separated by a blank line.",
            nullable=False,
        ),
        _field("language", pa.string(), "BCP 47, identified from the text; null where the text can't tell."),
        _field("language_confidence", pa.float32(), "0…1."),
        _field("language_declared", pa.string(), "What the source declared."),
        _field("word_count", pa.int32(), "Words of the body.", nullable=False),
        _field(
            "source_uri",
            pa.string(),
            "The file or feed the item was read from; `archive.zip!/member` inside an archive.",
            nullable=False,
        ),
        _field("source_format", pa.string(), "One of docs/formats.md, such as rss, atom or jsonl.", nullable=False),
        _field("source_item_id", pa.string(), "The item's id, as the source gave it."),
        _field("source_version", pa.string(), "The item's version, as the source gave it."),
        _field("url", pa.string(), "As the source gave it."),
        _field("canonical_url", pa.string(), "The URL without tracking parameters, in one form."),
        _field("publisher", pa.string(), "As the source gave it."),
        _field("published_at", TIMESTAMP, "When the item was published; null where the source does not say."),
        _field("updated_at", TIMESTAMP, "When it was last changed, as the source says."),
        _field("embargoed_until", TIMESTAMP, "Not to be used before."),
        _field("ingested_at", TIMESTAMP, "When the run that wrote the row began.", nullable=False),
        _field("published_raw", pa.string(), "The publication time, verbatim."),
        _field(
            "published_offset",
            pa.int32(),
            "Minutes east of UTC that published_raw gave; null where it gave none.",
        ),
        _field(
            "date_source",
            pa.string(),
            "Where the partition's date comes from: published, dateline or ingested.",
            nullable=False,
        ),
        _field("byline", pa.list_(pa.string()), "The authors.", nullable=False),
        _field(
            "credits",
            pa.list_(CREDIT),
            "Who else worked on the text, in which role; offsets are code points in the body.",
            nullable=False,
        ),
        _field("dateline", DATELINE, "Where, when and through which agency the story was filed."),
        _field("original_source", pa.string(), "The outlet the text says it came from."),
        _field("slug", pa.string(), "As the wire gave it."),
        _field("take", pa.string(), "The take of the wire, such as 2 or 1st Add."),
        _field("urgency", pa.int32(), "As the wire gave it: 1 (highest) … 9."),
        _field("section", pa.string(), "The section or category the source filed it under."),
        _field("located", pa.string(), "The place the wire says the story is from."),
        _field("keywords", pa.list_(pa.string()), "As the source gave them.", nullable=False),
        _field("editors_note", pa.string(), "Notes to editors, which are not part of the story."),
        _field("rights", RIGHTS, "What may be done with the text."),
        _field(
            "artifacts",
            pa.list_(ARTIFACT),
            "Translation artifacts; offsets are code points in the field.",
            nullable=False,
        ),
        _field(
            "translation_probability",
            pa.float32(),
            "That the text was machine-translated; null for languages the model does not know.",
        ),
        _field("content_hash", pa.string(), "Of the folded text that exact deduplication compares.", nullable=False),
        _field("encoding", ENCODING, "How bytes became text."),
        _field(
            "payload_sha256",
            pa.string(),
            "Of the smallest part of the source that was parsed: a line of JSONL, else the payload.",
            nullable=False,
        ),
        _field("run_id", pa.string(), "The run that wrote the row; its manifest is in _commits/.", nullable=False),
        _field("newsbeam_version", pa.string(), "The code that wrote the row.", nullable=False),
        _field("schema_version", pa.int32(), "The version of this contract.", nullable=False),
    ],
)

DUPLICATES: Final = pa.schema(
    [
        *ARTICLES,
        _field("duplicate_of", pa.string(), "article_id of the canonical article.", nullable=False),
        _field(
            "duplicate_kind",
            pa.string(),
            "exact (the same folded text, or the same item read again) or near.",
            nullable=False,
        ),
        _field("similarity", pa.float32(), "Estimated Jaccard similarity of word 5-shingles; 1 where exact."),
    ],
)

REJECTS: Final = pa.schema(
    [
        _field("source_uri", pa.string(), "The file or feed the item was read from.", nullable=False),
        _field("source_format", pa.string(), "Null where it could not be told."),
        _field("item_index", pa.int32(), "Position in the payload, from 0.", nullable=False),
        _field("stage", pa.string(), "The stage that rejected it: read, parse or normalize.", nullable=False),
        _field("reason", pa.string(), "A code, listed below.", nullable=False),
        _field("message", pa.string(), "What was wrong, and where.", nullable=False),
        _field("payload", pa.binary(), "The item as it came, the first 64 KiB.", nullable=False),
        _field("payload_sha256", pa.string(), "Of the whole item as it came.", nullable=False),
        _field("run_id", pa.string(), "The run that wrote the row.", nullable=False),
    ],
)

TABLES: Final[Mapping[str, pa.Schema]] = {
    "articles": ARTICLES,
    "duplicates": DUPLICATES,
    "held": ARTICLES,
    "rejects": REJECTS,
}
"""Every table a reader sees, each hive-partitioned by `date`."""

SKETCH: Final = (
    _field("headline", pa.binary(8), "Digest of the folded headline without its flags."),
    _field("edition", pa.binary(8), "Digest of what its flags make of the text, such as update 2; zeros: nothing."),
    _field("length", pa.int32(), "Distinct word 5-shingles; null, as what follows, for a text too short to compare."),
    _field("minhash", pa.binary(128), "MinHash of the text: 128 permutations, a byte of each."),
    _field("lead", pa.binary(64), "MinHash of its first 48 words: 32 permutations, two bytes of each."),
    _field("figures", pa.binary(40), "Counts of its figures in 32 buckets, and 8 bytes that digest them."),
)
"""What texts are compared by."""

SIGNATURES: Final = pa.schema(
    [
        _field("key", pa.binary(16), "article_id of an article; digest of place and payload of a reject."),
        _field("revision", pa.binary(16), "Of all that the source gave of the item."),
        _field("content_hash", pa.binary(16), "As in articles; zeros for a reject."),
        _field("canonical", pa.binary(16), "article_id of the canonical article: the row's own unless a duplicate."),
        _field("story", pa.binary(16), "story_id."),
        _field("version", pa.int32(), "As in articles."),
        _field("table", pa.dictionary(pa.int8(), pa.string()), "The table the row is in; removed: a kill took it out."),
        _field("date", pa.date32(), "Its partition."),
        *SKETCH,
    ],
)
"""`_state/signatures/`: what a later run must know of the rows committed before it."""

FEEDS: Final = pa.schema(
    [
        _field(
            "url", pa.string(), "The address the feed was subscribed under; it may hold credentials.", nullable=False
        ),
        _field("publisher", pa.string(), "Who publishes it, as the subscription list names it."),
        _field("category", pa.string(), "The OPML folders it stood in, joined by /."),
        _field("added_at", TIMESTAMP, "First poll."),
        _field("moved_to", pa.string(), "Where a permanent redirect, seen often enough, sends every poll."),
        _field("redirect_target", pa.string(), "Where the last polls were redirected, not yet believed."),
        _field("redirect_sightings", pa.int32(), "Successful polls in a row that saw it.", nullable=False),
        _field("etag", pa.string(), "Verbatim."),
        _field("last_modified", pa.string(), "Verbatim."),
        _field("validator_url", pa.string(), "The address that gave the two."),
        _field("validators_trusted", pa.bool_(), "False once a server kept them for changed entries.", nullable=False),
        _field("conditional_polls", pa.int32(), "Since the last unconditional one.", nullable=False),
        _field("body_hash", pa.string(), "SHA-256 of the entries as last received."),
        _field("next_poll_at", TIMESTAMP, "Not to be polled before."),
        _field("last_poll_at", TIMESTAMP, "Last poll that reached for the network."),
        _field("last_success_at", TIMESTAMP, "Last poll that found the feed."),
        _field("last_change_at", TIMESTAMP, "Last poll that found other entries than before."),
        _field("usual_gap_seconds", pa.float64(), "Moving average of the time between changes."),
        _field("consecutive_failures", pa.int32(), "Since the last success.", nullable=False),
        _field("silent_polls", pa.int32(), "Successful polls since the last change.", nullable=False),
        _field("last_status", pa.int32(), "HTTP status of the last answer."),
        _field("last_error", pa.string(), "Kind of the last failure, see docs/polling.md; null after a success."),
        _field("last_message", pa.string(), "The same in words."),
        _field("item_count", pa.int32(), "Entries in the last body."),
        _field("last_entry_at", TIMESTAMP, "Newest publication time ever seen in it."),
        _field("alarm", pa.string(), "empty, html or silent: the feed answers, and gives nothing."),
        _field("retired_at", TIMESTAMP, "Polled no more since then."),
        _field("retired_reason", pa.string(), "gone or dead."),
        _field("robots_checked_at", TIMESTAMP, "When robots.txt was last read."),
        _field("robots_allowed", pa.bool_(), "Whether robots.txt allows the address; null: not known."),
        _field("crawl_delay_seconds", pa.float64(), "As robots.txt asks."),
        _field("license_url", pa.string(), "Where machine-readable licence terms are."),
        _field("license_source", pa.string(), "What named them: feed, link-header or robots.txt."),
    ],
)
"""`_state/feeds/`: a row for each feed ever polled."""

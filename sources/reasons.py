"""Why an item was rejected while it was read: the closed set of codes, for people to group by."""

from collections.abc import Mapping
from typing import Final

REASONS: Final[Mapping[str, str]] = {
    "bad-feed-url": "A list of feeds names an address that is no feed's.",
    "bad-json": "The JSON does not parse.",
    "corrupt-container": "A compressed file or archive member is damaged; what could be read before the damage was.",
    "empty": "The payload holds nothing but blanks.",
    "encrypted": "An archive member is protected by a password.",
    "entity-bomb": "The document's own entities would blow it up beyond any use.",
    "expansion": "A container grows so much when unpacked that it is taken for a decompression bomb.",
    "invalid": "The document breaks a rule of its format that its meaning depends on.",
    "malformed": "The document is broken so that no item could be read from it.",
    "nested-container": "Containers are nested deeper than one level.",
    "no-article": "The page holds no article that could be told from its surroundings.",
    "no-text": "The item has neither a title nor any text.",
    "not-a-feed": "The document holds no feed.",
    "not-opml": "The document is no OPML list of feeds.",
    "not-text": "The item is a picture, graphic, video or package without a story of its own.",
    "too-complex": "The document has more markup than any news item needs.",
    "too-large": "The payload, member or line is larger than the limit.",
    "too-many-members": "The archive has more members than the limit.",
    "truncated": "The input ends early; the items before the end were read.",
    "unknown-format": "The content is in no format newsbeam reads.",
    "unreadable": "The file could not be opened or read to its end.",
    "wrong-type": "A value is of another type than the format says.",
}
"""Each code and what it means. Formats use these before they add one."""

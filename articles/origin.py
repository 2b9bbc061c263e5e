"""Where a payload came from, and what is known of it before a byte is parsed."""

import dataclasses


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What a parser is told beside the bytes.

    `uri` names the file, archive member (`wires.zip!/a.xml`) or feed. `content_type` is the HTTP
    header's value or None. `first_item` is the index of the payload's first item where the payload
    is a part of a larger file, counted in items of the format (lines of JSONL).
    """

    uri: str
    content_type: str | None = None
    first_item: int = 0

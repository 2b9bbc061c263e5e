"""How often each value stands in a column, in bounded memory."""

from collections import Counter
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from reports.plain import printable

MAX_VALUES: Final = 100_000
"""Values kept while counting; where there are more, the rarer half goes, and its counts with it."""
LABEL_LENGTH: Final = 160


class Counts:
    """Counts of values, null among them."""

    def __init__(self) -> None:
        self.values: Counter[str | None] = Counter()
        self.dropped = 0
        """Occurrences whose value was forgotten."""

    def add(self, column: pa.Array) -> None:
        """Count a column's values."""
        for pair in pc.value_counts(column).to_pylist():
            self.values[pair["values"]] += pair["counts"]
        if len(self.values) > MAX_VALUES:
            total = self.values.total()
            self.values = Counter(dict(self.values.most_common(MAX_VALUES // 2)))
            self.dropped += total - self.values.total()

    def table(self, most: int) -> dict[str, Any]:
        """The most frequent values with their counts; how many values and occurrences are left out."""
        ranked = sorted(self.values.items(), key=lambda item: (-item[1], item[0] or ""))
        rest = ranked[most:]
        return {
            # Values as they are, wherever they fit: they are asked for in filters.
            "rows": [
                [value if value is None or len(value) <= LABEL_LENGTH else short(value), n]
                for value, n in ranked[:most]
            ],
            "rest_values": len(rest),
            "rest_count": sum(count for _, count in rest) + self.dropped,
        }


def short(text: str, length: int = LABEL_LENGTH) -> str:
    """The text on one line, cut where it is too long for a label."""
    line = printable(" ".join(text[: 4 * length].split()))
    return line if len(line) <= length and len(text) <= 4 * length else line[: length - 1] + "…"

"""Renderings of one story by different translators: which threshold takes them for near-duplicates.

    python -m benchmarks.quality.duplicates_translations [--write]

Every document of the Chinese-English set stands in the data as translated by people and by many systems. Two
renderings of one document tell one story; two of different documents never do.
"""

import argparse
import dataclasses
import functools
import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.quality import duplicates_newsbeam, duplicates_page
from benchmarks.quality.artifacts_corpora import Row, data_folder, read_lines
from benchmarks.quality.duplicates_texts import Text, read
from benchmarks.quality.duplicates_truth import count_pairs, shingles
from transforms.duplicates.compare import Rules

THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """What a threshold does; a pair is found where one of the texts is kept for the other, or one for both."""

    threshold: float
    precision: float
    recall: float
    machine_recall: float
    """Of the pairs that two machines made."""
    exact_recall: float
    """What the exact similarity of the pairs would find."""
    story_precision: float
    story_recall: float
    """Of pairs that share a story_id."""
    removed: int
    wrongly: int
    """Removed for a text of another document."""


@dataclasses.dataclass(frozen=True, slots=True)
class Renderings:
    """All texts, with their documents and whether a machine made them."""

    texts: tuple[Text, ...]
    documents: tuple[str, ...]
    machine: tuple[bool, ...]

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """All pairs of renderings of one document."""
        return [
            pair
            for pair in itertools.combinations(range(len(self.texts)), 2)
            if self.documents[pair[0]] == self.documents[pair[1]]
        ]


@functools.cache
def read_renderings(data: Path) -> Renderings:
    """The Chinese-English documents, each a rendering of its own with an id of its own."""
    rows = list(read_lines(data / "machine-translation" / "zh-en.jsonl.gz"))
    items = []
    for number, row in enumerate(rows):
        segments = row["segments"]
        assert isinstance(segments, list)
        body = "\n\n".join(segments[1:])
        items.append({"id": f"wmt:{number}", "title": segments[0], "body": body, "published": "2021-03-01T00:00:00Z"})
    texts = tuple(read(items))
    named = [rows[text.name] for text in texts]
    return Renderings(
        texts, tuple(f"{row['set']} {row['doc_id']}" for row in named), tuple(row["kind"] == "mt" for row in named)
    )


@functools.cache
def measure(data: Path) -> tuple[Line, ...]:
    """A line for each threshold."""
    found = read_renderings(data)
    pairs = found.pairs
    similarity = {(it.left, it.right): it.jaccard for it in count_pairs([shingles(text.words) for text in found.texts])}
    machine = [pair for pair in pairs if found.machine[pair[0]] and found.machine[pair[1]]]
    lines = []
    for threshold in THRESHOLDS:
        outcome = duplicates_newsbeam.run(found.texts, Rules(near_threshold=threshold))
        kept = outcome.canonical
        precision, recall = _judge(kept, pairs)
        story_precision, story_recall = _judge(outcome.story, pairs)
        removed = [(text, stays) for text, stays in enumerate(kept) if text != stays]
        lines.append(
            Line(
                threshold,
                precision=precision,
                recall=recall,
                machine_recall=sum(kept[left] == kept[right] for left, right in machine) / len(machine),
                exact_recall=sum(similarity.get(pair, 0) >= threshold for pair in pairs) / len(pairs),
                story_precision=story_precision,
                story_recall=story_recall,
                removed=len(removed),
                wrongly=sum(found.documents[text] != found.documents[stays] for text, stays in removed),
            )
        )
    return tuple(lines)


def _judge(groups: Sequence[object], pairs: Sequence[tuple[int, int]]) -> tuple[float, float]:
    """Precision and recall of the pairs that share a group."""
    together = sum(size * (size - 1) // 2 for size in Counter(groups).values())
    right = sum(groups[left] == groups[right] for left, right in pairs)
    return right / together if together else 1.0, right / len(pairs)


def evaluate(data: Path) -> Iterator[Row]:
    """The rows of the common table."""
    found = read_renderings(data)
    for line in measure(data):
        yield Row(f"threshold {line.threshold}: precision of pairs", line.precision, "≥ 0.995", line.removed)
        yield Row(f"threshold {line.threshold}: recall of pairs", line.recall, "", len(found.pairs))


def render(data: Path) -> Iterator[str]:
    """The table by threshold, as Markdown."""
    found = read_renderings(data)
    yield f"{len(found.texts)} renderings of {len(set(found.documents))} documents, {len(found.pairs):,} pairs."
    yield ""
    yield (
        "| `--near-threshold` | precision | recall | … of machines' pairs | pairs as similar | `story_id` precision |"
        " … recall | removed | … of another document |"
    )
    yield "|" + "--:|" * 9
    for line in measure(data):
        shares = dataclasses.astuple(line)[1:-2]
        cells = " | ".join(f"{share:.3f}" for share in shares)
        yield f"| {line.threshold} | {cells} | {line.removed} | {line.wrongly} |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="keep the table in docs/duplicates.md")
    table = "\n".join(render(data_folder()))
    print(table)
    if parser.parse_args().write:
        duplicates_page.keep("translations", table)


if __name__ == "__main__":
    main()

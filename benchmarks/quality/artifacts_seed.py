"""Tags on the seed article against labels read by eye: python -m benchmarks.quality.artifacts_seed.

The labels are offsets and kinds, without text (benchmarks/quality/labels/seed.json). A tag is right
where a label of its kind overlaps it.
"""

import json
from pathlib import Path

from articles import Article
from benchmarks.quality.artifacts_corpora import Row, data_folder, print_rows
from benchmarks.quality.artifacts_injected import Defect, overlap, wilson
from transforms.artifacts import tag

LABELS = Path(__file__).with_name("labels") / "seed.json"
TARGET = ">= 0.95"


def evaluate(data: Path) -> list[Row]:
    """Recall and precision over all kinds."""
    stored = json.loads(LABELS.read_text(encoding="utf-8"))
    labels: list[tuple[str, Defect]] = [(kind, (field, start, end)) for field, kind, start, end in stored["labels"]]
    found = tag(read_seed(data / stored["file"])).artifacts
    tags: list[tuple[str, Defect]] = [(one.kind, (one.field, one.start, one.end)) for one in found]
    hit = sum(any(kind == other and overlap(place, there) for other, there in tags) for kind, place in labels)
    right = sum(any(kind == other and overlap(place, there) for other, there in labels) for kind, place in tags)
    return [
        Row("seed article: recall", hit / len(labels), TARGET, len(labels), wilson(hit, len(labels))),
        Row("seed article: precision", right / len(tags), TARGET, len(tags), wilson(right, len(tags))),
    ]


def read_seed(path: Path) -> Article:
    """The seed article as text files are read: the first line is the title, the others are paragraphs."""
    title, _, rest = path.read_text(encoding="utf-8").partition("\n")
    paragraphs = [line.strip() for line in rest.split("\n") if line.strip()]
    return Article(title=title.strip(), body="\n\n".join(paragraphs), language="en")


if __name__ == "__main__":
    print_rows(evaluate(data_folder()))

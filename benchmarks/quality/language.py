"""Accuracy and speed of language identification beside langdetect's alone: `python -m benchmarks.quality.language`.

Reads `language/lingua-dev.jsonl.gz` (objects with `lang`, `kind`, `text`) below the directory that
NEWSBEAM_DATA names.
"""

import gzip
import json
import os
import resource
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

from langdetect import DetectorFactory, LangDetectException
from langdetect import detect as detect_alone

from benchmarks.quality.artifacts_corpora import Row
from transforms.language import detect

_LENGTHS = ((0, 20), (20, 50), (50, 100), (100, 200), (200, 100_000))
_ALIKE = {"zh-cn": "zh", "zh-tw": "zh", "no": "nb"}


def _newsbeam(text: str) -> str | None:
    guess = detect(text)
    return guess.language if guess else None


def _langdetect(text: str) -> str | None:
    try:
        found = str(detect_alone(text))
    except LangDetectException:
        return None
    return _ALIKE.get(found, found)


def _read(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _time(
    rows: list[dict[str, str]], identify: Callable[[str], str | None]
) -> tuple[list[tuple[dict[str, str], str | None]], float]:
    """Each row with its answer, and texts per second."""
    for row in rows:
        identify(row["text"])  # word lists load on first use
    started = time.perf_counter()
    answers = [(row, identify(row["text"])) for row in rows]
    return answers, len(rows) / (time.perf_counter() - started)


def _measure(
    name: str, rows: list[dict[str, str]], identify: Callable[[str], str | None]
) -> list[tuple[dict[str, str], str | None]]:
    answers, rate = _time(rows, identify)
    right = sum(row["lang"] == answer for row, answer in answers)
    print(f"{name}: {right / len(rows):.4f} of {len(rows)} texts right, {rate:,.0f} texts/s")
    return answers


def _print_shares(title: str, groups: dict[str, list[bool]]) -> None:
    print(title)
    print("  " + "  ".join(f"{name} {statistics.mean(right):.3f} ({len(right)})" for name, right in groups.items()))


def _report(answers: list[tuple[dict[str, str], str | None]]) -> None:
    by_kind: dict[str, list[bool]] = defaultdict(list)
    by_length: dict[str, list[bool]] = defaultdict(list)
    by_language: dict[str, list[bool]] = defaultdict(list)
    mistaken: Counter[str] = Counter()
    for row, answer in answers:
        right = row["lang"] == answer
        length = next(f"{low}-{high}" for low, high in _LENGTHS if low <= len(row["text"]) < high)
        by_kind[row["kind"]].append(right)
        by_length[length].append(right)
        by_language[row["lang"]].append(right)
        if not right:
            mistaken[f"{row['lang']}>{answer}"] += 1
    _print_shares("  by kind", by_kind)
    _print_shares("  by characters", dict(sorted(by_length.items(), key=lambda item: int(item[0].partition("-")[0]))))
    _print_shares("  by language", dict(sorted(by_language.items())))
    print("  mistaken: " + ", ".join(f"{pair} {count}" for pair, count in mistaken.most_common(20)))


def _print_calibration(rows: list[dict[str, str]]) -> None:
    bands: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for row in rows:
        guess = detect(row["text"])
        if guess:
            bands[min(9, int(guess.confidence * 10))].append((guess.confidence, guess.language == row["lang"]))
    print("confidence said, texts right, number of texts")
    for _, pairs in sorted(bands.items()):
        said, right = statistics.mean(said for said, _ in pairs), statistics.mean(right for _, right in pairs)
        print(f"  {said:.2f}  {right:.2f}  {len(pairs)}")


def evaluate(data: Path) -> list[Row]:
    """Accuracy on all texts and on sentences, Traditional Chinese taken for Korean, and both identifiers' speed."""
    DetectorFactory.seed = 0
    rows = _read(data / "language" / "lingua-dev.jsonl.gz")
    ours, rate = _time(rows, _newsbeam)
    theirs, their_rate = _time(rows, _langdetect)
    sentences = [pair for pair in ours if pair[0]["kind"].startswith("sentence")]
    chinese = [pair for pair in ours if pair[0]["lang"] == "zh"]
    return [
        _share("language: texts right", ours, "≥ 0.98"),
        _share("  sentences alone", sentences, ""),
        Row("  Chinese called Korean", float(sum(answer == "ko" for _, answer in chinese)), "≤ 0", len(chinese)),
        _share("  langdetect alone, texts right", theirs, ""),
        Row("  texts/s", rate, "", len(rows)),
        Row("  langdetect alone, texts/s", their_rate, "", len(rows)),
    ]


def _share(name: str, answers: list[tuple[dict[str, str], str | None]], target: str) -> Row:
    return Row(name, statistics.mean(row["lang"] == answer for row, answer in answers), target, len(answers))


def main() -> None:
    """Print accuracy by kind, length and language, both identifiers' speed, and calibration."""
    DetectorFactory.seed = 0
    rows = _read(Path(os.environ["NEWSBEAM_DATA"]) / "language" / "lingua-dev.jsonl.gz")
    _report(_measure("newsbeam", rows, _newsbeam))
    _report(_measure("langdetect alone", rows, _langdetect))
    _print_calibration(rows)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()

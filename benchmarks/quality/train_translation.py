"""Train the translation model: python -m benchmarks.quality.train_translation.

Reads NEWSBEAM_DATA, needs `pip install scikit-learn`, writes transforms/artifacts/data/translation.json.
"""

import json
from pathlib import Path

import numpy as np

from benchmarks.quality.artifacts_corpora import data_folder
from benchmarks.quality.translation_model import CLIP, MIN_WORDS, calibrate, cross_validate, fit, read_data

TARGET = Path(__file__).parents[2] / "transforms" / "artifacts" / "data" / "translation.json"
DIGITS = 6


def main() -> None:
    """Fit on everything, calibrate on held-out scores, write the weights."""
    data = read_data(data_folder())
    slope, shift = calibrate(data, cross_validate(data))
    final = fit(data, np.ones(len(data.machine), dtype=bool))
    columns = zip(data.names, final.mean, final.scale, final.weights * slope, strict=True)
    terms = {name: [round(float(number), DIGITS) for number in numbers] for name, *numbers in columns}
    stored = {
        "about": "Made by benchmarks/quality/train_translation.py; see docs/model-card.md. Terms: mean, scale, weight.",
        "languages": ["en"],
        "min_words": MIN_WORDS,
        "clip": CLIP,
        "intercept": round(final.intercept * slope + shift, DIGITS),
        "terms": {name: numbers for name, numbers in terms.items() if numbers[2]},
    }
    TARGET.write_text(json.dumps(stored, indent=0) + "\n", encoding="utf-8")
    print(f"{len(terms)} terms, calibration slope {slope:.3f}, shift {shift:.3f}")
    strongest = sorted(terms.items(), key=lambda item: -abs(item[1][2]))[:24]
    for name, (_, _, weight) in strongest:
        print(f"{weight:+.3f}  {name}")


if __name__ == "__main__":
    main()

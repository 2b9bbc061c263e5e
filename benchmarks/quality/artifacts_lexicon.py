"""Compile the word lists that the artifact detectors read: transforms/artifacts/data/{words,names}.txt.

    python benchmarks/quality/artifacts_lexicon.py american-english-large british-english-large

The arguments are SCOWL word lists as Debian's wamerican-large and wbritish-large packages have them
(/usr/share/dict). Parts of speech come from lemminflect's tables (MIT), which were compiled from the
NIH SPECIALIST Lexicon. Needs `pip install lemminflect`; newsbeam itself needs neither at run time.
"""

import argparse
import collections
import gzip
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path

DATA = Path(__file__).parents[2] / "transforms" / "artifacts" / "data"
WORD = re.compile(r"[a-z]{2,}(?:-[a-z]+)?")
NAME = re.compile(r"[A-Z][A-Za-z]{2,}")

LETTERS = {"adj": "j", "adv": "r", "aux": "x"}
VERB_FORMS = "dngz"
"""Past, past participle, -ing form, third person: the order of the columns in lemminflect's table."""

WORDS_HEADER = """\
# English words and their parts of speech, a word a line: word TAB letters
# s noun, singular   p noun, plural   v verb, base form   z verb, third person singular   d verb, past
# n verb, past participle   g verb, -ing   j adjective   r adverb   x auxiliary   o not known
# Source: lemminflect 0.2.3 (MIT), lookup tables compiled from the NIH SPECIALIST Lexicon;
# "o" from SCOWL (notice in names.txt).
# Made by benchmarks/quality/artifacts_lexicon.py; do not edit.
"""
NAMES_HEADER = """\
# Words that English writes with a capital, a word a line; one that also has a lower-case sense ends in "*".
# Source: SCOWL (wordlist.aspell.net), size large, American and British; copyright 2000-2019 Kevin Atkinson;
# permission to use, copy, modify, distribute and sell is granted with this notice.
# Made by benchmarks/quality/artifacts_lexicon.py; do not edit.
"""


def main() -> None:
    """Write both lists."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scowl", nargs="+", type=Path)
    arguments = parser.parse_args()
    entries = {line for path in arguments.scowl for line in path.read_text(encoding="utf-8").split()}
    DATA.mkdir(exist_ok=True)
    speech = collect_speech()
    for word in filter(WORD.fullmatch, entries - speech.keys()):
        speech[word] = {"o"}
    words = [f"{word}\t{''.join(sorted(letters))}\n" for word, letters in sorted(speech.items())]
    (DATA / "words.txt").write_text(WORDS_HEADER + "".join(words), encoding="utf-8")
    names = sorted(entry for entry in entries if NAME.fullmatch(entry))
    lines = [f"{name}{'*' if name.lower() in entries or name.lower() in speech else ''}\n" for name in names]
    (DATA / "names.txt").write_text(NAMES_HEADER + "".join(lines), encoding="utf-8")
    print(f"{len(words)} words, {len(names)} names")


def collect_speech() -> dict[str, set[str]]:
    """Every lower-case form with the letters of its parts of speech."""
    speech: dict[str, set[str]] = collections.defaultdict(set)
    inflected = list(read_table("infl_lu.csv.gz"))
    nouns = [(lemma, forms) for lemma, part, *forms in inflected if part == "noun"]
    plurals = {form for lemma, forms in nouns for cell in forms for form in cell.split("/")} - {row[0] for row in nouns}
    for _, part, *forms in inflected:
        for form, letter in spread(forms) if part == "verb" else ():
            speech[form].add(letter)
    for form, part, lemma in read_table("lemma_lu.csv.gz"):
        if part == "noun":
            if form == lemma or form not in plurals:
                speech[form].add("s")
            if form in plurals:
                speech[form].add("p")
        elif part == "verb" and form == lemma:
            speech[form].add("v")
        elif part in LETTERS:
            speech[form].add(LETTERS[part])
    return {word: letters for word, letters in speech.items() if WORD.fullmatch(word) and letters}


def spread(forms: list[str]) -> Iterator[tuple[str, str]]:
    """A verb's forms with their letters; a regular verb's participle is its past form."""
    for letter, cell in zip(VERB_FORMS, forms, strict=False):
        for form in cell.split("/"):
            yield form, letter
    if len(forms) > 1 and not forms[1]:
        yield forms[0], "n"


def read_table(name: str) -> Iterator[list[str]]:
    """The rows of one of lemminflect's tables."""
    found = importlib.util.find_spec("lemminflect")
    if found is None or found.origin is None:
        raise SystemExit("pip install lemminflect")
    with gzip.open(Path(found.origin).parent / "resources" / name, "rt", encoding="utf-8") as table:
        for line in table:
            yield line.rstrip("\n").split(",")


if __name__ == "__main__":
    main()

"""Wires made to mislead a search for duplicates, each with the table it belongs to.

Everything is drawn from one seed. `SIZES` is the corpus of the benchmark; tests take a fraction of it.
"""

import dataclasses
import datetime as dt
import json
import random
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

VOCABULARY = sorted(set((Path(__file__).parents[1] / "words.txt").read_text("utf-8").split()))
START = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)

SIZES: Mapping[str, int] = {
    "footer": 5_000,
    "footer copies": 100,
    "frames": 500,
    "tables": 2_000,
    "table copies": 100,
    "chains": 500,
    "one text": 10_000,
    "near copies": 10_000,
    "short": 1_500,
}


@dataclasses.dataclass(frozen=True, slots=True)
class Wire:
    """A wire, and what must become of it: an article, or a duplicate of another wire."""

    trap: str
    id: str
    title: str
    body: str
    published: dt.datetime
    copy_of: str | None = None

    @property
    def line(self) -> str:
        """The wire as a JSON line."""
        item = {"id": self.id, "title": self.title, "body": self.body, "published": self.published.isoformat()}
        return json.dumps({**item, "publisher": "Trap News"}) + "\n"


def make(sizes: Mapping[str, int] = SIZES, seed: int = 7) -> Iterator[Wire]:
    """All wires, trap by trap; a trap's first wires don't depend on how many follow."""
    for number, (trap, build) in enumerate(_TRAPS.items()):
        yield from build(trap, random.Random(seed + number), sizes)


def shrink(factor: float) -> dict[str, int]:
    """The corpus with a share of its wires."""
    return {trap: max(4, int(size * factor)) for trap, size in SIZES.items()}


def make_plain(wires: Iterable[Wire], seed: int = 7) -> Iterator[Wire]:
    """As many wires, of the same lengths, that have nothing in common: what the same run costs without traps."""
    draw = random.Random(seed)
    for number, wire in enumerate(wires):
        body = _prose(draw, len(wire.body.split()))
        yield Wire("plain", f"plain:{number}", _headline(draw), body, _later(number))


def _footers(trap: str, draw: random.Random, sizes: Mapping[str, int]) -> Iterator[Wire]:
    """Stories of 45 words over a footer of 700: any two have a Jaccard similarity near 0.9. Some come twice."""
    footer = _prose(draw, 700)
    stories = []
    for number in range(sizes["footer"]):
        stories.append(draw.choices(VOCABULARY, k=45))
        wire = Wire(trap, f"{trap}:{number}", _headline(draw), _sign(stories[-1], footer), _later(number))
        yield wire
    for number in _spread(sizes["footer"], sizes["footer copies"]):
        edited = _edit(draw, stories[number], 30)
        name = f"{trap} copy:{number}"
        yield Wire(
            f"{trap} copies", name, _headline(draw), _sign(edited, footer), _later(number, 1), f"{trap}:{number}"
        )


def _frames(trap: str, draw: random.Random, sizes: Mapping[str, int]) -> Iterator[Wire]:
    """Stories of 45 words between a banner of 30 and a footer of 500: openings are alike too, similarity is 0.84."""
    banner, footer = _prose(draw, 30), _prose(draw, 500)
    for number in range(sizes["frames"]):
        body = f"{banner}.\n\n{_prose(draw, 45)}.\n\n{footer}."
        yield Wire(trap, f"{trap}:{number}", _headline(draw), body, _later(number))


def _tables(trap: str, draw: random.Random, sizes: Mapping[str, int]) -> Iterator[Wire]:
    """A price table of 60 figures in 240 words; each issue changes one to three. Some come twice, one word edited."""
    goods = [" ".join(draw.sample(VOCABULARY, k=3)) for _ in range(60)]
    prices = [draw.randint(1_000, 9_999) for _ in goods]
    issues = []
    for number in range(sizes["tables"]):
        issue = prices.copy()
        for place in draw.sample(range(60), k=1 + number % 3):
            issue[place] = 10_000 + number
        issues.append([word for good, price in zip(goods, issue, strict=True) for word in (*good.split(), str(price))])
        yield Wire(trap, f"{trap}:{number}", "Commodity prices", " ".join(issues[-1]), _later(number))
    for number in _spread(sizes["tables"], sizes["table copies"]):
        edited = _edit(draw, issues[number], 4 * draw.randint(0, 59))
        name = f"{trap} copy:{number}"
        yield Wire(f"{trap} copies", name, "Commodity prices", " ".join(edited), _later(number, 1), f"{trap}:{number}")


def _chains(trap: str, draw: random.Random, sizes: Mapping[str, int]) -> Iterator[Wire]:
    """Chains a~b~c~d of 300 words: Jaccard similarity is 0.83 between neighbours, 0.69 two apart, 0.57 of a and d.

    So b is a copy of a; c is like b and not like a, and stands for itself; d is a copy of c.
    """
    for number in range(sizes["chains"]):
        text, title = draw.choices(VOCABULARY, k=300), _headline(draw)
        for step, letter in enumerate("abcd"):
            if step:
                start = 60 * step
                text[start : start + 23] = [f"{word}{letter}" for word in draw.choices(VOCABULARY, k=23)]
            of = {"b": "a", "d": "c"}.get(letter)
            yield Wire(
                trap,
                f"{trap}:{number}{letter}",
                f"{title} {letter}",
                " ".join(text),
                _later(number, step),
                of and f"{trap}:{number}{of}",
            )


def _one_text(trap: str, draw: random.Random, sizes: Mapping[str, int]) -> Iterator[Wire]:
    """One text again and again, under one headline and many ids."""
    title, body = _headline(draw), _prose(draw, 300)
    for number in range(sizes["one text"]):
        yield Wire(trap, f"{trap}:{number}", title, body, _later(number), f"{trap}:0" if number else None)


def _near_copies(trap: str, draw: random.Random, sizes: Mapping[str, int]) -> Iterator[Wire]:
    """One text, each time with another word in another place."""
    title, text = _headline(draw), draw.choices(VOCABULARY, k=300)
    for number in range(sizes["near copies"]):
        edited = _edit(draw, text, draw.randrange(300), f"edit{_letters(number)}") if number else text
        yield Wire(trap, f"{trap}:{number}", title, " ".join(edited), _later(number), f"{trap}:0" if number else None)


def _short(trap: str, draw: random.Random, sizes: Mapping[str, int]) -> Iterator[Wire]:
    """Texts of a few words: "More soon." under many headlines, and alerts of 15 words that differ in one."""
    alert = draw.choices(VOCABULARY, k=15)
    for number in range(sizes["short"]):
        body = "More soon." if number % 3 == 0 else " ".join(_edit(draw, alert, 7, f"place{_letters(number)}"))
        yield Wire(trap, f"{trap}:{number}", f"{_headline(draw)} {_letters(number)}", body, _later(number))


_TRAPS = {
    "footer": _footers,
    "frames": _frames,
    "tables": _tables,
    "chains": _chains,
    "one text": _one_text,
    "near copies": _near_copies,
    "short": _short,
}


def _prose(draw: random.Random, count: int) -> str:
    return " ".join(draw.choices(VOCABULARY, k=count))


def _headline(draw: random.Random) -> str:
    return " ".join(draw.choices(VOCABULARY, k=8)).capitalize()


def _sign(story: list[str], footer: str) -> str:
    return f"{' '.join(story)}.\n\n{footer}."


def _edit(draw: random.Random, words: list[str], place: int, word: str | None = None) -> list[str]:
    """The words with another one in one place."""
    return [*words[:place], word or f"{draw.choice(VOCABULARY)}{_letters(place)}x", *words[place + 1 :]]


def _letters(number: int) -> str:
    """A number without digits, which would be figures.

    >>> _letters(0), _letters(27)
    ('a', 'bb')
    """
    letters = ""
    while True:
        number, last = divmod(number, 26)
        letters = chr(97 + last) + letters
        if not number:
            return letters


def _spread(count: int, picked: int) -> range:
    return range(0, count, max(1, count // picked))


def _later(number: int, hours: int = 0) -> dt.datetime:
    return START + dt.timedelta(seconds=number, hours=hours)

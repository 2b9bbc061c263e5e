"""Put known defects into clean text: for each kind of artifact a function that damages an article and says where.

Each damages an article's title and body as careless post-processing or translation would, at places
it chooses by rules of its own, not the detector's, and with a seeded random number generator.
"""

import collections
import dataclasses
import random
import re
from collections.abc import Callable, Container, Iterator, Mapping, Sequence

from articles import Article
from benchmarks.quality.artifacts_draws import draw_attribution, draw_caption, draw_credit, draw_date, draw_number

Defect = tuple[str, int, int]
"""Field, start and end of a damaged place in the damaged text."""
Damage = Callable[[Article, random.Random], tuple[Article, list[Defect]]]
Edit = tuple[int, int, str, int, int]
"""Range to replace, replacement, and the defect's range within the replacement."""

HAN = ["新华社", "疫情", "外交部", "责任编辑", "记者", "中国"]
CYRILLIC = ["Россия", "сообщает", "издание"]
ENTITIES = ["&amp;", "&nbsp;", "&#8217;", "&quot;", "mdash"]
SENTENCE = re.compile(r"(?<=[a-z]{3})(?<!\b[A-Z][a-z]{3})(?<!\b[A-Z][a-z]{2})([.]) (?=[A-Z][a-z]*\b)")
"""A full stop between sentences; not that of a shortened name or title: "Alex. Brown", "Reps. Moe"."""
INSIDE = re.compile(r"(?<=[a-z,] )[A-Za-z][a-z]{3,}\b")


def edit_body(article: Article, edits: Sequence[Edit]) -> tuple[Article, list[Defect]]:
    """The article with all edits made to its body, and where they are now."""
    pieces, defects, last, shift = [], [], 0, 0
    for start, end, text, defect_start, defect_end in sorted(edits):
        if start < last:
            continue
        pieces += [article.body[last:start], text]
        defects.append(("body", start + shift + defect_start, start + shift + defect_end))
        shift += len(text) - (end - start)
        last = end
    pieces.append(article.body[last:])
    return dataclasses.replace(article, body="".join(pieces)), defects


def swap(pattern: re.Pattern[str], replacement: str) -> Damage:
    """Damage that replaces every match of a pattern; the defect is the whole replacement."""

    def damage(article: Article, _: random.Random) -> tuple[Article, list[Defect]]:
        edits = []
        for match in pattern.finditer(article.body):
            text = match.expand(replacement)
            edits.append((match.start(), match.end(), text, 0, len(text)))
        return edit_body(article, edits)

    return damage


def some(pattern: re.Pattern[str], change: Callable[[re.Match[str], random.Random], str], most: int = 4) -> Damage:
    """Damage to a few matches of a pattern, drawn at random."""

    def damage(article: Article, rng: random.Random) -> tuple[Article, list[Defect]]:
        found = list(pattern.finditer(article.body))
        edits = []
        for match in rng.sample(found, min(most, len(found))):
            text = change(match, rng)
            edits.append((match.start(), match.end(), text, 0, len(text)))
        return edit_body(article, edits)

    return damage


def after_word(draw: Callable[[random.Random], str], lead: str = " ") -> Damage:
    """Damage that puts foreign matter after a few words."""
    return some(re.compile(r"(?<= )[a-z]{4,}(?= [a-z])"), lambda match, rng: match[0] + lead + draw(rng))


def lower_names(common: Container[str]) -> Damage:
    """Damage that takes the capital from a mention of each of some names that the text has more than once.

    A name here is a word that the text writes with a capital inside its sentences, never small, and
    that is not `common`: a word of titles and institutions ("minister", "bank") is no name without its capital.
    """

    def damage(article: Article, rng: random.Random) -> tuple[Article, list[Defect]]:
        mentions: dict[str, list[re.Match[str]]] = {}
        for match in re.finditer(r"(?<=[a-z,] )[A-Z][a-z]{3,}(?=[ ,.'](?![A-Z]))", article.body):
            if not re.search(rf"\b{match[0].lower()}", article.body) and match[0].lower() not in common:
                mentions.setdefault(match[0], []).append(match)
        drawn = [rng.choice(matches) for matches in mentions.values() if len(matches) > 1]
        edits = [(match.start(), match.end(), match[0].lower(), 0, len(match[0])) for match in drawn]
        return edit_body(article, edits[:4])

    return damage


def find_common(articles: Sequence[Article]) -> frozenset[str]:
    """Words that the collection writes small more often than with a capital, inside its sentences."""
    forms = collections.Counter(word for article in articles for word in INSIDE.findall(article.body))
    return frozenset(word for word, count in forms.items() if word.islower() and count > forms[word.capitalize()])


def repeat_title(article: Article, rng: random.Random) -> tuple[Article, list[Defect]]:
    """The title once more at the head of the body, at times with a label."""
    if len(article.title.split()) < 3:
        return article, []
    label = rng.choice(["", "", "Original title: "])
    body = f"{label}{article.title}\n\n{article.body}"
    return dataclasses.replace(article, body=body), [("body", len(label), len(label) + len(article.title))]


def strip_quotes(article: Article, _: random.Random) -> tuple[Article, list[Defect]]:
    """All quotation marks lost; the defects are the quotations in the first person."""
    first_person = re.compile(r"\b(?:I|we|We|us|our|Our|my|My|me)\b")
    title = re.sub(r"[\"“”]", "", article.title)
    edits = []
    for match in re.finditer(r"[\"“]([^\"“”\n]+)[\"”]?", article.body):
        speech = match[1]
        if first_person.search(speech):
            edits.append((match.start(), match.end(), speech, 0, len(speech)))
    damaged, defects = edit_body(article, edits)
    clean = re.sub(r"[\"“”]", " ", damaged.body)
    return dataclasses.replace(damaged, body=clean, title=title), defects


def drop_mark(article: Article, rng: random.Random) -> tuple[Article, list[Defect]]:
    """One straight or curly mark of a pair lost; the defect is its partner."""
    pairs = list(re.finditer(r"(?<=[ \n])\"[A-Za-z][^\"\n]{3,200}\"(?=[ ,.\n])", article.body))
    if not pairs:
        return article, []
    match = rng.choice(pairs)
    inner = match[0][1:-1]
    if rng.random() < 0.5:
        return edit_body(article, [(match.start(), match.end(), f'"{inner}', 0, 1)])
    return edit_body(article, [(match.start(), match.end(), f'{inner}"', len(inner), len(inner) + 1)])


def drop_stop(article: Article, rng: random.Random) -> tuple[Article, list[Defect]]:
    """The last full stop of one paragraph of prose lost."""
    paragraphs = re.compile(r"[A-Z\"][^\n]{60,}[a-z]{3}\.(?=\n\n|\Z)")
    found = list(paragraphs.finditer(article.body))
    if len(article.body.split("\n\n")) < 4 or not found:
        return article, []
    match = rng.choice(found)
    text = match[0][:-1]
    return edit_body(article, [(match.start(), match.end(), text, len(text) - 3, len(text))])


def add_line(lines: Callable[[random.Random], str]) -> Damage:
    """Damage that adds a line at the end of the body."""

    def damage(article: Article, rng: random.Random) -> tuple[Article, list[Defect]]:
        line = lines(rng)
        start = len(article.body) + 2
        return dataclasses.replace(article, body=f"{article.body}\n\n{line}"), [("body", start, start + len(line))]

    return damage


def misspell(article: Article, rng: random.Random) -> tuple[Article, list[Defect]]:
    """One mention of a long, frequent name loses an inner letter."""
    counts: dict[str, list[re.Match[str]]] = {}
    for match in re.finditer(r"(?<=[a-z,] )[A-Z][a-z]{6,}(?=[ ,.])", article.body):
        counts.setdefault(match[0], []).append(match)
    frequent = [matches for matches in counts.values() if len(matches) > 2]
    if not frequent:
        return article, []
    match = rng.choice(rng.choice(frequent))
    at = rng.randrange(3, len(match[0]) - 1)
    text = match[0][:at] + match[0][at + 1 :]
    return edit_body(article, [(match.start(), match.end(), text, 0, len(text))])


def double(match: re.Match[str], _: random.Random) -> str:
    """A word or phrase twice."""
    return f"{match[0]} {match[0]}"


def repeat_sentence(article: Article, rng: random.Random) -> tuple[Article, list[Defect]]:
    """A sentence said again at the end of its paragraph."""
    found = list(re.finditer(r"(?:(?<=\n)|(?<=[a-z]\. ))[A-Z][^.\n]{60,250}[a-z]{3}\.(?=\n| [A-Z])", article.body))
    if not found:
        return article, []
    match = rng.choice(found)
    return edit_body(
        article, [(match.start(), match.end(), f"{match[0]} {match[0]}", len(match[0]) + 1, 2 * len(match[0]) + 1)]
    )


def mangle(match: re.Match[str], rng: random.Random) -> str:
    """An apostrophe or letter as its UTF-8 bytes read in a one-byte character set."""
    return (
        rng.choice(["’", "é", "–", "“"]).join([match[0][:2], match[0][2:]]).encode().decode("cp1252", errors="replace")
    )


def garble(text: str) -> str:
    """UTF-8 read as windows-1252."""
    return text.encode().decode("cp1252")


def first_words(draw: Callable[[random.Random], str]) -> Damage:
    """Damage that puts words before a few sentences; the defect is what was put there."""
    pattern = re.compile(r"(?:(?<=\n)|(?<=[a-z]\. ))(?=[A-Z][a-z]+ [a-z])")
    return some(pattern, lambda _, rng: draw(rng), 2)


def after_sentence(draw: Callable[[random.Random], str]) -> Damage:
    """Damage that puts a fragment after a few sentences."""
    return some(re.compile(r"(?<=[a-z]{4})\. (?=[A-Z])"), lambda _, rng: f". {draw(rng)} ", 2)


def gloss(match: re.Match[str], _: random.Random) -> str:
    """A name, and itself in brackets."""
    return f"{match[0]} ({match[0]})"


WIDE = {",": "，", ";": "；", ":": "："}
DOUBLED = "the|of|and|to|in|with|company|prices|would be|of the|last year"
NAME_POSSESSIVE = re.compile(r"(?<=[a-z,] )([A-Z][a-zA-Z]{2,})['’]s(?= [a-z])")
DAMAGES: Mapping[str, Damage] = {
    "broken-entity": after_word(lambda rng: rng.choice(ENTITIES)),
    "calqued-attribution": first_words(draw_attribution),
    "calqued-credit": add_line(draw_credit),
    "calqued-date": after_word(draw_date),
    "caption-residue": add_line(draw_caption),
    "doubled-gloss": some(re.compile(r"(?<=[a-z] )[A-Z][a-z]+ [A-Z][a-z]+(?=[ ,.])"), gloss, 2),
    "dropped-apostrophe": swap(NAME_POSSESSIVE, r"\1s"),
    "foreign-punctuation": some(re.compile(r"(?<=[a-z])[,;:] "), lambda match, _: WIDE[match[0][0]]),
    "glued-words": some(re.compile(r"(?<= )[a-z]{3,} (?=[A-Z][a-z]{3,} [a-z])"), lambda match, _: match[0].rstrip(), 2),
    "inconsistent-name": misspell,
    "lowercase-name": lower_names(frozenset()),
    "missing-quotes": strip_quotes,
    "missing-sentence-break": some(SENTENCE, lambda *_: " ", 3),
    "missing-terminal-punctuation": drop_stop,
    "mojibake": after_word(lambda rng: garble(rng.choice(["it’s", "café", "“quoted", "naïve", "über"]))),
    "number-calque": after_word(draw_number),
    "punctuation-spacing": some(re.compile(r"(?<=[a-z])([,.])(?= )"), lambda match, _: f" {match[0]}"),
    "repeated-sentence": repeat_sentence,
    "repeated-title": repeat_title,
    "repeated-words": some(re.compile(rf"(?<= )(?:{DOUBLED})(?= [a-z])"), double),
    "source-script-residue": after_word(lambda rng: rng.choice(HAN + CYRILLIC)),
    "stray-fragment": after_sentence(lambda rng: rng.choice(["president.", "minister.", "border region.", "people."])),
    "unbalanced-quotes": drop_mark,
}  # fmt: skip


def damage_all(articles: Sequence[Article], kind: str, seed: int) -> Iterator[tuple[Article, Article, list[Defect]]]:
    """Every article that the kind's damage could be done to, before and after, with its defects."""
    rng = random.Random(f"{kind}:{seed}")
    damage = lower_names(find_common(articles)) if kind == "lowercase-name" else DAMAGES[kind]
    for article in articles:
        damaged, defects = damage(article, rng)
        if defects:
            yield article, damaged, defects

"""Three programs on the same wires: newsbeam, datasketch and datatrove, and what is true of them."""

import dataclasses
import functools
import itertools
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks.quality import duplicates_datasketch, duplicates_datatrove, duplicates_newsbeam
from benchmarks.quality.duplicates_texts import Text, read_wires
from benchmarks.quality.duplicates_truth import Pair, contradict, count_pairs, differ_in_figures_only, shingles
from transforms.duplicates.compare import Rules
from transforms.fold import words

THRESHOLDS = (0.8, 0.9)
TABLES = 0.5
"""Jaccard from which on pairs that differ in their figures are counted and listed."""
CONTAINED = 0.9
"""Containment from which on the longer text is the shorter with something added."""
FEWEST_WORDS = 20
"""Words below which a text is no story that could be extended."""
NAMES = 0.005
"""Share of headlines that a word of theirs may stand in and be a name: "quarterly" is none."""
CORRECTS = re.compile(r"\bCORRECT(?:ED|S|ION)\b", re.IGNORECASE)

Places = tuple[int, int]


@dataclasses.dataclass(frozen=True, slots=True)
class Truth:
    """What is known of the wires; texts are their places in the list."""

    texts: tuple[Text, ...]
    pairs: Mapping[Places, Pair]
    tables: frozenset[Places]
    """Pairs that differ in figures only."""
    versions: frozenset[Places]
    """Pairs of which one headline says that it corrects: two versions, which share a story."""
    contradicting: frozenset[Places]
    """Pairs as alike as copies of which one has another figure in the other's place: a correction by any name."""
    namesakes: frozenset[Places]
    """Pairs of one short body under headlines that have no name in common: two companies' notices."""
    exact_groups: tuple[tuple[int, ...], ...]

    @property
    def apart(self) -> frozenset[Places]:
        """Pairs that are no copies, however alike."""
        return self.tables | self.contradicting | self.namesakes

    @property
    def one_story_groups(self) -> list[tuple[int, ...]]:
        """The exact groups without those that have two stories in them."""
        return [
            group for group in self.exact_groups if not {*itertools.combinations(sorted(group), 2)} & self.namesakes
        ]

    def similarity(self, left: int, right: int) -> float:
        """Exact Jaccard of two texts; 0 where it is below 0.2."""
        pair = self.pairs.get((min(left, right), max(left, right)))
        return pair.jaccard if pair else 0.0

    def copies(self, threshold: float) -> list[Places]:
        """The pairs to find: as similar as the threshold asks, neither two stories nor two versions."""
        apart = self.apart | self.versions
        return [place for place, pair in self.pairs.items() if pair.jaccard >= threshold and place not in apart]

    def extended(self, threshold: float) -> list[Places]:
        """Pairs of which one is the other with paragraphs added."""
        return [
            place
            for place, pair in self.pairs.items()
            if pair.containment >= CONTAINED
            and pair.jaccard < threshold
            and place not in self.tables
            and min(len(self.texts[text].words) for text in place) >= FEWEST_WORDS
        ]


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """What one of the programs made of the wires."""

    name: str
    threshold: float
    pairs: frozenset[Places]
    """Pairs that it called duplicates of each other itself."""
    kept_for: Sequence[int]
    """The text that stays for each text: its own place unless it is removed."""
    microseconds: float
    """A text."""
    stories: Sequence[bytes] | None = None

    def together(self, places: Iterable[int]) -> bool:
        """Whether texts ended up in one group."""
        return len({self.kept_for[place] for place in places}) == 1

    def one_story(self, places: Iterable[int]) -> bool:
        """Whether texts ended up in one story."""
        return self.stories is not None and len({self.stories[place] for place in places}) == 1

    def grouped(self, places: Sequence[int]) -> bool:
        """Whether texts ended up in one group or in one story."""
        return self.together(places) or self.one_story(places)

    @property
    def removed(self) -> list[Places]:
        """Each removed text and the one kept for it."""
        return [(text, kept) for text, kept in enumerate(self.kept_for) if text != kept]


@functools.cache
def learn_truth(data: Path) -> Truth:
    """Count all pairs of the wires."""
    texts = read_wires(data)
    pairs = {(pair.left, pair.right): pair for pair in count_pairs([shingles(text.words) for text in texts])}
    tables = frozenset(
        place
        for place, pair in pairs.items()
        if pair.jaccard >= TABLES and differ_in_figures_only(*(texts[text].words for text in place))
    )
    versions = frozenset(
        place
        for place, pair in pairs.items()
        if pair.jaccard >= TABLES and len({bool(CORRECTS.search(texts[text].article.title)) for text in place}) > 1
    )
    contradicting = frozenset(
        place
        for place, pair in pairs.items()
        if min(THRESHOLDS) <= pair.jaccard < 1
        and place not in tables
        and contradict(*(texts[text].words for text in place))
    )
    places = {text.name: place for place, text in enumerate(texts)}
    groups = json.loads((data / "reuters21578" / "exact_dup_groups.json").read_text("utf-8"))
    exact = tuple(tuple(places[name] for name in group) for group in groups)
    return Truth(texts, pairs, tables, versions, contradicting, frozenset(_namesakes(texts, pairs)), exact)


def _namesakes(texts: Sequence[Text], pairs: Iterable[Places]) -> Iterator[Places]:
    """Pairs of short texts with one body and no name in both headlines."""
    headlines = [set(words(text.article.title)) for text in texts]
    common = Counter(word for headline in headlines for word in headline)
    names = [{word for word in headline if common[word] <= NAMES * len(texts)} for headline in headlines]
    for left, right in pairs:
        short = len(texts[left].words) < FEWEST_WORDS
        if short and texts[left].words == texts[right].words and not names[left] & names[right]:
            yield left, right


def run_newsbeam(truth: Truth, threshold: float) -> Found:
    """The decision of newsbeam itself."""
    outcome = duplicates_newsbeam.run(truth.texts, Rules(near_threshold=threshold))
    pairs = frozenset(ordered(place) for place in enumerate(outcome.canonical) if place[0] != place[1])
    microseconds = 1e6 * (outcome.sketch_seconds + outcome.decide_seconds) / len(truth.texts)
    return Found("newsbeam", threshold, pairs, outcome.canonical, microseconds, outcome.story)


def run_datasketch(truth: Truth, threshold: float) -> Found:
    """datasketch, with the closure over its pairs; the earliest of a group stays."""
    pairs, seconds = duplicates_datasketch.find_pairs([text.words for text in truth.texts], threshold)
    kept = list(range(len(truth.texts)))

    def root(text: int) -> int:
        while kept[text] != text:
            text = kept[text]
        return text

    for left, right in pairs:
        one, other = sorted((root(left), root(right)), key=lambda text: (truth.texts[text].article.published_at, text))
        kept[other] = one
    return Found(
        "datasketch",
        threshold,
        frozenset(pairs),
        [root(text) for text in range(len(kept))],
        1e6 * seconds / len(truth.texts),
    )


def run_datatrove(truth: Truth) -> Found:
    """datatrove, which has one threshold, the one that its buckets make."""
    outcome = duplicates_datatrove.run([text.story for text in truth.texts])
    groups = defaultdict(list)
    for text, cluster in outcome.clusters.items():
        groups[cluster].append(text)
    kept = list(range(len(truth.texts)))
    for group in groups.values():
        (stays,) = (text for text in group if text not in outcome.removed)
        for text in group:
            kept[text] = stays
    microseconds = 1e6 * outcome.seconds / len(truth.texts)
    return Found("datatrove", duplicates_datatrove.THRESHOLD, outcome.pairs, kept, microseconds)


@functools.cache
def run_all(data: Path) -> tuple[Truth, tuple[Found, ...]]:
    """All three on the same texts, in one run."""
    truth = learn_truth(data)
    found = [run(truth, threshold) for threshold in THRESHOLDS for run in (run_newsbeam, run_datasketch)]
    return truth, (*found, run_datatrove(truth))


def ordered(pair: Places) -> Places:
    """The smaller place first."""
    return (min(pair), max(pair))

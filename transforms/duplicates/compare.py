"""How one text stands to others: a copy, another edition, an extension, or a stranger."""

import dataclasses
from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt

from transforms.duplicates.nodes import Array, Nodes
from transforms.duplicates.sketch import LEAD_PERMUTATIONS, PERMUTATIONS
from transforms.duplicates.tables import Flags, Indices

Verifier = Callable[[int, int], float | None]
"""Exact Jaccard similarity of two texts, by their indices; None where one of them is not at hand."""

LEAD: Final = 0.25
"""Similarity of the openings from which on two texts can be one story. Copies keep their opening or lengthen it; texts
that only share a long footer or header of their outlet have none in common."""
CONTAINED: Final = 0.7
"""Share of the shorter text's shingles found in the longer from which on one extends the other."""
RETOLD: Final = 0.4
"""The same where a headline says that the text updates or corrects another."""
FIGURES_LOST: Final = 0.1
"""Share of the shorter text's figures that an extension may lack."""
CUT: Final = 0.9
"""Share of the shorter text's shingles from which on it is the longer one cut, continued by a `SENTENCE` at least."""
WORDS_A_FIGURE: Final = 100
"""Shingles for each figure that may then be another: "ten pct" for "10 pct" in a page of prose, never in a table."""
EDITION_DAYS: Final = 2
"""Days within which an update or correction with the same headline follows a text."""
BOILERPLATE_HEADLINES: Final = 8
"""Headlines from which on a text that stands under all of them says nothing: "This story is for subscribers"."""
SENTENCE: Final = 30
"""Shingles that each of two texts under different headlines has alone, from which on they are two stories in one frame,
an outlet's banner and footer, unless their openings agree (`SAME_LEAD`)."""
SENTENCE_BY_SKETCH: Final = 10
"""The same where shingles could only be estimated. Each wire of an outlet is compared with all before it, and may pass
for a copy of none."""
STORY: Final = 40
"""The same, whatever their openings."""
SAME_LEAD: Final = 0.75
"""Similarity of openings that agree."""
DOUBT: Final = 0.1
"""Distance from the threshold, about three standard errors of the estimate, within which texts are compared exactly."""


@dataclasses.dataclass(frozen=True, slots=True)
class Rules:
    """What the user decides.

    `near_threshold` is the Jaccard similarity of word 5-shingles from which on texts are duplicates, `days`
    how far apart two texts may be dated to be compared; None: any time.
    """

    near_threshold: float = 0.8
    days: int | None = 30


@dataclasses.dataclass(frozen=True, slots=True)
class Standing:
    """How texts stand to one earlier text, an entry a text."""

    exact: Flags
    similarity: npt.NDArray[np.float64]
    """Of those that are copies; 0 for all others."""
    bond: npt.NDArray[np.float64]
    """How strongly a text that is no copy belongs to the earlier one's story; 0: not at all."""


def compare(nodes: Nodes, earlier: int, later: Indices, rules: Rules, boilerplate: Flags, verify: Verifier) -> Standing:
    """Compare texts with one that comes before them all.

    `boilerplate` says of each text whether its content is such.
    """
    other = nodes.key[later] != nodes.key[earlier]
    gap = np.abs(nodes.date[later] - nodes.date[earlier])
    if rules.days is not None:
        other &= gap <= rules.days
    same_headline = nodes.headline[later] == nodes.headline[earlier]
    same_edition = nodes.edition[later] == nodes.edition[earlier]

    exact = other & same_edition & (nodes.content[later] == nodes.content[earlier])
    told = same_headline | ~(boilerplate[later] | boilerplate[earlier])
    exact &= told

    both = (nodes.length[later] > 0) & (nodes.length[earlier] > 0)
    jaccard = np.where(both, _agreement(nodes.minhash, earlier, later, PERMUTATIONS), 0.0)
    lead = np.where(both, _agreement(nodes.lead, earlier, later, LEAD_PERMUTATIONS), 0.0)
    figures, missing, changed = _figures(nodes, earlier, later)
    near = other & told & ~exact & same_edition & ~changed & (lead >= LEAD)
    near &= ~nodes.settled[later] & nodes.leads[earlier]
    other_lead = ~same_headline & (lead < SAME_LEAD)
    doubtful = near & (
        (np.abs(jaccard - rules.near_threshold) <= DOUBT) | (other_lead & (jaccard >= rules.near_threshold))
    )
    replaces = ~same_edition | (nodes.edition[later] != b"")
    alike = told & ((lead >= LEAD) | (same_headline & both))
    verified = _verify(doubtful, jaccard, earlier, later, verify)
    lengths = nodes.length[later] + nodes.length[earlier]
    shorter = np.maximum(np.minimum(nodes.length[later], nodes.length[earlier]), 1)
    unclear = _unclear_story(jaccard, lengths, shorter, replaces, other_lead)
    unclear &= other & alike & ~exact & ~verified & ~(near & (jaccard >= rules.near_threshold))
    unclear &= replaces | (missing <= FIGURES_LOST * figures)
    verified |= _verify(unclear, jaccard, earlier, later, verify)

    shared = jaccard * lengths / (1 + jaccard)
    alone = shorter - shared
    framed = other_lead & (alone >= np.where(verified, SENTENCE, SENTENCE_BY_SKETCH))
    framed |= ~same_headline & (alone >= STORY)
    similar = near & ~framed & (jaccard >= rules.near_threshold)
    similarity = np.where(exact, 1.0, np.where(similar, jaccard, 0.0))
    contained = np.minimum(shared / shorter, 1.0)
    cut = (contained >= CUT) & (lengths - shorter - shared >= SENTENCE) & (missing * WORDS_A_FIGURE <= shorter)
    extends = alike & ~framed & (contained >= CONTAINED) & ((missing <= FIGURES_LOST * figures) | cut)
    headed = same_headline & (gap <= EDITION_DAYS)
    retold = replaces & alike & (contained >= RETOLD)
    retells = retold | (replaces & headed)
    copies = replaces & (nodes.content[later] == nodes.content[earlier])
    # What agrees with its headline and its words goes before what agrees with its words alone: another's notice.
    bond = 1.0 + contained + (retold | copies) * headed
    return Standing(exact, similarity, np.where(other & (similarity == 0) & (extends | retells | copies), bond, 0.0))


def _agreement(sketches: Array, earlier: int, later: Indices, permutations: int) -> npt.NDArray[np.float64]:
    """Estimated Jaccard similarity, freed of what agrees by chance in so few bits."""
    by_chance = 1.0 / (1 << 8 * sketches.itemsize)
    agree = np.count_nonzero(sketches[later] == sketches[earlier], axis=1) / permutations
    estimate: npt.NDArray[np.float64] = np.maximum((agree - by_chance) / (1 - by_chance), 0.0)
    return estimate


def _unclear_story(
    jaccard: npt.NDArray[np.float64],
    lengths: npt.NDArray[np.int32],
    shorter: npt.NDArray[np.int32],
    replaces: Flags,
    other_lead: Flags,
) -> Flags:
    """Where it hangs on the estimate whether one text contains enough of the other, or is framed like it."""
    contained = jaccard * lengths / ((1 + jaccard) * shorter)
    error = DOUBT * lengths / ((1 + jaccard) ** 2 * shorter)
    alone = (1 - contained) * shorter
    near_bound = np.abs(contained - np.where(replaces, RETOLD, CONTAINED)) <= error
    framed = other_lead & (alone >= SENTENCE_BY_SKETCH) & (alone - error * shorter < STORY)
    return near_bound | (framed & ~replaces & (contained >= CONTAINED))


def _figures(nodes: Nodes, earlier: int, later: Indices) -> tuple[Indices, Indices, Flags]:
    """How many figures the shorter text has, how many of them alone, and whether each text has figures of its own.

    A copy may leave figures out with the paragraph they stand in, and never changes one; another day's price
    table changes nothing else.
    """
    one, others = nodes.counts[earlier].astype(np.int16), nodes.counts[later].astype(np.int16)
    alone, gone = np.maximum(one - others, 0).sum(axis=1), np.maximum(others - one, 0).sum(axis=1)
    rearranged = (alone == 0) & (gone == 0) & (nodes.figures[later] != nodes.figures[earlier])
    changed = ((alone > 0) & (gone > 0)) | rearranged
    earlier_is_shorter = nodes.length[earlier] <= nodes.length[later]
    missing = np.where(earlier_is_shorter, alone, gone)
    figures = np.where(earlier_is_shorter, one.sum(), others.sum(axis=1))
    return figures, np.where(rearranged, np.maximum(missing, 1), missing), changed


def _verify(doubtful: Flags, jaccard: npt.NDArray[np.float64], earlier: int, later: Indices, verify: Verifier) -> Flags:
    """Write exact similarities into `jaccard` where sketches leave a doubt; where that could be done."""
    verified = np.zeros(len(later), np.bool_)
    for place in np.flatnonzero(doubtful).tolist():
        if (exact := verify(earlier, int(later[place]))) is not None:
            jaccard[place] = exact
            verified[place] = True
    return verified

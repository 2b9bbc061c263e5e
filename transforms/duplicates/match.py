"""Which text is whose duplicate, and which story each belongs to.

Texts are taken in order; one that is nobody's duplicate becomes canonical, and every later text that is
a copy of it, verified against it and not against another copy, is its duplicate. So a chain of texts,
each like the next, never makes strangers duplicates of one another.
"""

import dataclasses

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from transforms.duplicates.buckets import Buckets
from transforms.duplicates.compare import BOILERPLATE_HEADLINES, Rules, Verifier, compare
from transforms.duplicates.nodes import Nodes
from transforms.duplicates.tables import Flags, Indices, as_binary, as_flags


@dataclasses.dataclass(frozen=True, slots=True)
class Matches:
    """An entry a text: whose duplicate it is (its own index: nobody's), how, and which text its story follows."""

    canonical: Indices
    exact: Flags
    similarity: npt.NDArray[np.float64]
    follows: Indices
    closed_buckets: int


def match(nodes: Nodes, rules: Rules, verify: Verifier) -> Matches:
    """Match all texts of a run with each other and with those committed."""
    count = len(nodes)
    canonical, follows = np.arange(count), np.arange(count)
    exact, similarity, bond = np.zeros(count, np.bool_), np.zeros(count), np.zeros(count)
    boilerplate = _boilerplate(nodes)
    buckets = Buckets.sort(nodes)
    for place, earlier in enumerate(buckets.nodes.tolist()):
        if canonical[earlier] != earlier or not nodes.leads[earlier]:
            continue
        later = buckets.after(place)
        later = later[(later >= nodes.first_item) & (canonical[later] == later)]
        if not len(later):
            continue
        found = compare(nodes, earlier, later, rules, boilerplate, verify)
        copies = found.similarity > 0
        canonical[later[copies]] = earlier
        exact[later[copies]] = found.exact[copies]
        similarity[later[copies]] = found.similarity[copies]
        closer = found.bond > bond[later]
        bond[later[closer]] = found.bond[closer]
        follows[later[closer]] = earlier
    follows[canonical != np.arange(count)] = canonical[canonical != np.arange(count)]
    return Matches(canonical, exact, similarity, follows, buckets.closed)


def _boilerplate(nodes: Nodes) -> Flags:
    """Which texts stand, word for word, under so many headlines that they are nobody's story."""
    told = pa.table([as_binary(nodes.content), as_binary(nodes.headline)], names=["content", "headline"])
    headlines = told.group_by("content").aggregate([("headline", "count_distinct")])
    many = headlines.filter(pc.greater_equal(headlines["headline_count_distinct"], BOILERPLATE_HEADLINES))
    return as_flags(pc.is_in(told["content"], value_set=many["content"].combine_chunks()))

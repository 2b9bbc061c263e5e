"""What of the history a run must know: rows that share an id, a content, a band or a headline with one of its items.

The history is read piece by piece and most of it dropped at once, so that its size costs time, and no memory.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from transforms.duplicates.compare import Rules
from transforms.duplicates.sketch import LEAD_PERMUTATIONS, PERMUTATIONS
from transforms.duplicates.tables import HISTORY, Flags, Indices, as_cells, as_flags, one_array

Days = tuple[dt.date, dt.date]
"""First and last."""

_BANDED: Final = {"minhash": PERMUTATIONS, "lead": 2 * LEAD_PERMUTATIONS}
_MIXER: Final = np.uint64(0x9E3779B97F4A7C15)  # odd, so that different numbers stay different


def recall(items: pa.Table, history: Iterable[pa.Table], rules: Rules) -> pa.Table:
    """The rows of the history that can matter to the items, in the order they come in.

    `items` has the columns of `tables.ITEMS`, each piece of the history those of `tables.HISTORY`.
    """
    sketched = items.filter(pc.equal(items["table"], "articles"))
    keys = one_array(pc.unique(items["key"]))
    contents = one_array(pc.unique(sketched["content_hash"]))
    headlines = one_array(pc.unique(sketched["headline"]))
    wanted = [_band_values(sketched[name], width) for name, width in _BANDED.items()]
    days = days_near(items, rules)
    pieces = [HISTORY.empty_table()]
    for piece in history:
        found = as_flags(pc.is_in(piece["key"], value_set=keys))
        if days:
            texts, articles = _comparable(piece, days)
            rows = np.flatnonzero(texts & ~found)
            part, articles = piece.take(pa.array(rows)), articles[rows]
            alike = as_flags(pc.is_in(part["content_hash"], value_set=contents))
            alike |= articles & as_flags(pc.is_in(part["headline"], value_set=headlines))
            for name, values in zip(_BANDED, wanted, strict=True):
                sketches = articles & ~alike & as_flags(pc.is_valid(part[name]))
                alike[sketches] |= _share_a_band(part[name].filter(pa.array(sketches)), _BANDED[name], values)
            found[rows] = alike
        if found.any():
            pieces.append(piece.filter(pa.array(found)).cast(HISTORY))
    return pa.concat_tables(pieces).combine_chunks()


def _comparable(rows: pa.Table, days: Days) -> tuple[Flags, Flags]:
    """Which rows are texts of these days, and which of them can be canonical."""
    texts = as_flags(pc.is_in(rows["table"], value_set=pa.array(["articles", "duplicates"])))
    for bound in (pc.greater_equal(rows["date"], days[0]), pc.less_equal(rows["date"], days[1])):
        texts &= as_flags(bound)
    return texts, texts & as_flags(pc.equal(rows["table"], "articles"))


def days_near(items: pa.Table, rules: Rules) -> Days | None:
    """First and last day that an article near one of the items can have; None where there can be none.

    Items without a date are compared with nothing.
    """
    dates = items.filter(pc.equal(items["table"], "articles"))["date"].drop_null()
    if rules.days == 0 or not len(dates):
        return None
    if rules.days is None:
        return dt.date.min, dt.date.max
    first, last = pc.min(dates).as_py().toordinal() - rules.days, pc.max(dates).as_py().toordinal() + rules.days
    return dt.date.fromordinal(max(first, 1)), dt.date.fromordinal(min(last, dt.date.max.toordinal()))


def _band_values(column: pa.ChunkedArray, width: int) -> list[pa.Array]:
    """The distinct values of each band."""
    cells = np.ascontiguousarray(as_cells(column.drop_null(), width)).view(np.uint32)
    return [pa.array(np.unique(band)) for band in cells.T]


def _share_a_band(column: pa.ChunkedArray, width: int, wanted: list[pa.Array]) -> Flags:
    cells: npt.NDArray[np.uint32] = np.ascontiguousarray(as_cells(column, width)).view(np.uint32)
    found = np.zeros(len(cells), np.bool_)
    for band, values in zip(cells.T, wanted, strict=True):
        found |= as_flags(pc.is_in(pa.array(np.ascontiguousarray(band)), value_set=values))
    return found


def probes(rows: pa.Table, days: Days | None) -> tuple[Indices, npt.NDArray[np.uint64]]:
    """All that rows can be recalled by, as numbers: for each the row it is of, and its value.

    Two rows that `recall` brings together share a number; two others do so by chance, once in 2^64. `days`
    leaves rows of other days only their ids.
    """
    named = [("key", np.ones(len(rows), np.bool_), 16)]
    if days:
        texts, articles = _comparable(rows, days)
        sketched = articles & as_flags(pc.is_valid(rows["length"]))
        named += [("content_hash", texts, 16), ("headline", articles, 8)]
        named += [(name, sketched, width) for name, width in _BANDED.items()]
    found, values = [], []
    for kind, (name, which, width) in enumerate(named):
        places = np.flatnonzero(which)
        cells = np.ascontiguousarray(as_cells(rows[name].filter(pa.array(which)), width))
        parts = cells.view(np.uint32).T if name in _BANDED else cells[:, :8].copy().view(np.uint64).T
        for band, part in enumerate(parts):
            found.append(places)
            values.append((part.astype(np.uint64) + np.uint64(kind << 40 | band << 33)) * _MIXER)
    return np.concatenate(found), np.concatenate(values)

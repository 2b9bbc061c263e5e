"""However an input is cut, its items are the same, to the last field."""

import gzip
import io
import tempfile
import zipfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from articles import Article, Reject
from sources.plan import Spool, cut, plan
from sources.unit import Unit, read_unit

LINE = st.one_of(
    st.sampled_from(
        [b"", b"  ", b"{", b"[1]", b"\r", b'{"title": "a"}', b'{"title": "caf\xe9"}', b'{"id": 1}', b"\xef\xbb\xbf{}"]
    ),
    st.binary(max_size=30).map(lambda line: line.replace(b"\n", b"")),
    st.text(max_size=30).map(lambda title: b'{"title": "%s"}' % title.encode("utf-8", "replace").replace(b"\n", b"")),
)
FILES = st.builds(
    lambda first, lines, end: b"\n".join([first, *lines]) + end,
    st.just(b'{"title": "first"}'),
    st.lists(LINE, max_size=30),
    st.sampled_from([b"", b"\n", b"\r\n"]),
)


def read(files: dict[str, bytes], units: list[Unit]) -> list[Article | Reject]:
    def opener(uri: str) -> io.BytesIO:
        return io.BytesIO(files[uri] if uri in files else Path(uri).read_bytes())

    return [item for unit in units for item in read_unit(unit, opener)]


def planned(name: str, payload: bytes, piece: int, spool: Spool | None = None) -> list[Unit]:
    return list(plan(name, len(payload), lambda _: io.BytesIO(payload), piece=piece, spool=spool))


@given(payload=FILES, piece=st.integers(1, 200))
def test_ranges_of_a_plain_file(payload: bytes, piece: int) -> None:
    whole = read({"f": payload}, planned("f", payload, len(payload)))
    units = planned("f", payload, piece)
    assert read({"f": payload}, units) == whole
    assert sum(unit.size for unit in units) == len(payload)


@settings(deadline=None)
@given(payload=FILES, piece=st.integers(1, 200), loss=st.integers(0, 40))
def test_pieces_of_compressed_files(payload: bytes, piece: int, loss: int) -> None:
    packed = gzip.compress(payload)
    packed = packed[: max(18, len(packed) - loss)]
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as writer:
        writer.writestr("a.jsonl", payload)
        writer.writestr("b.jsonl.gz", packed)
    files = {"f.gz": packed, "f.zip": archive.getvalue()}
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            whole = read(files, planned(name, content, 1 << 20))
            assert read(files, planned(name, content, piece, Spool(folder))) == whole


@given(blocks=st.lists(st.binary(max_size=20).map(lambda block: block.replace(b"a", b"\n"))), piece=st.integers(1, 20))
def test_cutting_loses_no_byte_and_counts_every_line(blocks: list[bytes], piece: int) -> None:
    parts: dict[int, bytes] = {}
    for first_item, block in cut(blocks, piece):
        parts[first_item] = parts.get(first_item, b"") + block
    assert b"".join(parts.values()) == b"".join(blocks)
    lines = 0
    for first_item, part in parts.items():
        assert first_item == lines
        lines += part.count(b"\n")
    for part in list(parts.values())[:-1]:
        assert part.endswith(b"\n")
        assert len(part) >= piece
        assert b"\n" not in part[piece - 1 : -1]

"""Compressed files and archives, whole, cut, damaged and hostile."""

import bz2
import gzip
import io
import lzma
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from articles import Article, Reject
from sources.archives import tidy
from sources.containers import Limits, find_container
from sources.plan import Spool, plan
from sources.unit import DEFAULT_LIMITS, read_unit

LINES = b"".join(b'{"id": "%d", "title": "Title %d"}\n' % (n, n) for n in range(3000))
TEXT = b"A title\n\nA body\n"

PACKERS = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zstd": zstandard.ZstdCompressor().compress,
}


def read(
    payload: bytes, limits: Limits = DEFAULT_LIMITS, uri: str = "x", spool: Spool | None = None
) -> list[Article | Reject]:
    units = list(plan(uri, len(payload), lambda _: io.BytesIO(payload), limits=limits, spool=spool, piece=10_000))

    def opener(path: str) -> io.BytesIO:
        return io.BytesIO(payload if path == uri else Path(path).read_bytes())

    return [item for unit in units for item in read_unit(unit, opener, limits)]


def reasons(items: list[Article | Reject]) -> list[str]:
    return [item.reason for item in items if isinstance(item, Reject)]


def zipped(*members: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize("pack", PACKERS.values(), ids=PACKERS)
def test_each_compression(pack: Callable[[bytes], bytes]) -> None:
    (article,) = read(pack(TEXT), uri="a.txt.z")
    assert isinstance(article, Article)
    assert (article.title, article.source_uri) == ("A title", "a.txt.z")
    assert len(read(pack(LINES))) == 3000
    assert len(read(pack(LINES[:50_000]) + pack(LINES[50_000:]))) == 3000, "two members, one file"


@pytest.mark.parametrize("pack", PACKERS.values(), ids=PACKERS)
@pytest.mark.parametrize("share", [0.2, 0.5, 0.99])
def test_of_a_cut_file_every_line_that_can_be_read_is_kept(
    pack: Callable[[bytes], bytes], share: float, tmp_path: Path
) -> None:
    packed = pack(LINES)
    cut = packed[: int(len(packed) * share)]
    items = read(cut)
    assert reasons(items)[-1:] == ["truncated"]
    assert read(cut, spool=Spool(str(tmp_path))) == items
    assert reasons(read(pack(TEXT)[:-4])) == ["truncated"], "other formats are whole or nothing"


def test_damage_is_not_taken_for_the_end() -> None:
    packed = bytearray(gzip.compress(TEXT))
    packed[-6] ^= 0xFF
    assert reasons(read(bytes(packed))) == ["corrupt-container"]


def test_members_of_a_zip_are_items_of_their_own() -> None:
    payload = zipped(
        ("a.txt", TEXT),
        ("sub/b.jsonl", LINES[:70]),
        ("sub/.hidden", TEXT),
        ("__MACOSX/a.txt", TEXT),
        ("c.txt.gz", gzip.compress(TEXT)),
    )
    items = read(payload, uri="w.zip")
    assert [item.source_uri for item in items] == ["w.zip!/a.txt", *["w.zip!/sub/b.jsonl"] * 3, "w.zip!/c.txt.gz"]


def test_one_bad_member_does_not_touch_the_others() -> None:
    payload = bytearray(zipped(("a.txt", TEXT * 50), ("b.txt", TEXT)))
    payload[40] ^= 0xFF
    items = read(bytes(payload))
    assert reasons(items) == ["corrupt-container"]
    assert len(items) == 2


def test_encrypted_members_are_named() -> None:
    payload = zipped(("a.txt", TEXT), ("b.txt", TEXT)).replace(b"PK\x03\x04\x14\x00\x00", b"PK\x03\x04\x14\x00\x01", 1)
    payload = payload.replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01", 1)
    items = read(payload)
    assert reasons(items) == ["encrypted"]
    assert len(items) == 2


def test_containers_nest_once() -> None:
    inner = zipped(("a.txt", TEXT))
    assert reasons(read(zipped(("b.zip", inner)))) == []
    assert reasons(read(gzip.compress(inner))) == []
    assert reasons(read(zipped(("c.zip", zipped(("b.zip", inner)))))) == ["nested-container"]
    assert reasons(read(gzip.compress(gzip.compress(gzip.compress(TEXT))))) == ["nested-container"]


@pytest.mark.parametrize("pack", PACKERS.values(), ids=PACKERS)
def test_bombs_stop_early(pack: Callable[[bytes], bytes]) -> None:
    bomb = pack(b" " * (64 << 20))
    assert reasons(read(bomb)) == ["expansion"]
    assert reasons(read(zipped(("b", bomb)))) == ["expansion"]


def test_a_zip_bomb_is_told_by_its_own_figures() -> None:
    assert reasons(read(zipped(*((f"{n}", b" " * (8 << 20)) for n in range(8))))) == ["expansion"]


def test_limits_on_size_and_members() -> None:
    assert reasons(read(TEXT, Limits(payload=5))) == ["too-large"]
    assert reasons(read(gzip.compress(TEXT), Limits(payload=5))) == ["too-large"]
    assert reasons(read(zipped(*((f"{n}", TEXT) for n in range(9))), Limits(members=8))) == ["too-many-members"]


def test_a_zip_that_is_none() -> None:
    assert reasons(read(b"PK\x03\x04 and so on")) == ["corrupt-container"]
    assert read(zipped()) == []


def test_error_of_the_disk_is_a_reject_that_says_so() -> None:
    class Failing(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError(5, "Input/output error")

        read1 = read

    (unit,) = plan("x", 9, lambda _: io.BytesIO(TEXT))
    (item,) = read_unit(unit, lambda _: Failing(TEXT))
    assert isinstance(item, Reject)
    assert (item.stage, item.reason) == ("read", "unreadable")
    assert "Input/output error" in item.message


@pytest.mark.parametrize(
    ("name", "shown"),
    [("../../a", "a"), ("/etc/a", "etc/a"), ("a\\..\\b", "a/b"), ("a\x00\n\u2028b", "ab"), ("c:\\x", "c:/x")],
)
def test_names_are_safe_to_show(name: str, shown: str) -> None:
    assert tidy(name) == shown


def test_magic() -> None:
    assert find_container(b"PK\x03\x04") == "zip"
    assert find_container(b"plain") is None

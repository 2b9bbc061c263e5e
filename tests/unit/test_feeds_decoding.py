import gzip
import zlib

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from sources.polling.decoding import decode
from sources.polling.errors import FetchError

DATA = b"".join(b"line %d of the wire\n" % n for n in range(3000))


def raw_deflate(data: bytes) -> bytes:
    deflater = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return deflater.compress(data) + deflater.flush()


CODERS = [
    ("gzip", gzip.compress),
    ("deflate", zlib.compress),
    ("deflate", raw_deflate),
    ("br", brotli.compress),
    ("zstd", zstandard.compress),
    ("gzip, zstd", lambda data: zstandard.compress(gzip.compress(data))),
]


def cut(data: bytes, size: int) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


@pytest.mark.parametrize("size", [1, 2, 997, 1_000_000])
@pytest.mark.parametrize(("coding", "compress"), CODERS)
def test_pieces_of_any_size_decode_alike(coding: str, compress, size: int) -> None:
    assert decode(cut(compress(DATA), size), coding, limit=len(DATA)) == DATA


@pytest.mark.parametrize(("coding", "compress"), CODERS)
def test_highly_compressible_body_is_complete(coding: str, compress) -> None:
    """What a decoder holds back at the end comes out too."""
    data = bytes(3_000_000)
    assert decode([compress(data)], coding, limit=len(data)) == data


@pytest.mark.parametrize(("coding", "compress"), CODERS)
def test_one_byte_above_the_limit_is_refused(coding: str, compress) -> None:
    with pytest.raises(FetchError, match="too-large"):
        decode([compress(DATA)], coding, limit=len(DATA) - 1)


def test_body_can_be_cut_at_the_limit() -> None:
    assert decode([gzip.compress(DATA)], "gzip", limit=10, cut=True) == DATA[:10]


@pytest.mark.parametrize(("coding", "compress"), CODERS)
def test_every_truncation_is_noticed(coding: str, compress) -> None:
    compressed = compress(DATA[:500])
    for length in range(4, len(compressed)):
        with pytest.raises(FetchError):
            decode([compressed[:length]], coding, limit=10_000)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_empty_body_is_empty_in_every_coding(coding: str) -> None:
    assert decode([], coding, limit=10) == decode([b""], coding, limit=10) == b""


def test_members_and_frames_follow_each_other() -> None:
    assert decode([gzip.compress(b"a") + gzip.compress(b"b") + bytes(10)], "gzip", limit=9) == b"ab"
    assert decode([zstandard.compress(b"a") + zstandard.compress(b"b")], "zstd", limit=9) == b"ab"


def test_zstd_window_is_limited() -> None:
    parameters = zstandard.ZstdCompressionParameters.from_level(3, window_log=27, write_content_size=False)
    wide = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    body = wide.compress(DATA) + wide.flush()
    with pytest.raises(FetchError, match="bad-encoding"):
        decode([body], "zstd", limit=len(DATA))


@given(st.sampled_from(["gzip", "deflate", "br", "zstd", "br, gzip"]), st.lists(st.binary(max_size=60), max_size=5))
def test_garbage_raises_nothing_else(coding: str, pieces: list[bytes]) -> None:
    try:
        decode([b"\x1f\x8b\x08", *pieces], coding, limit=1000)
        decode(pieces, coding, limit=1000)
    except FetchError:
        pass

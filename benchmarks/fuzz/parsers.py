"""Fuzz the parser of a wire format: `python benchmarks/fuzz/parsers.py FORMAT --minutes 10`.

Whatever the bytes, only `ParseError` may leave a parser, every text it yields can be written as UTF-8, and reading
the same bytes twice gives the same. The seeds are the golden cases of the format and their tokens. With atheris
(`pip install atheris`) the search follows the code's branches; without it, mutations are drawn at random. What is
found is written beside `--findings` and makes a golden case: put it to tests/golden/FORMAT, run rewrite.py.
"""

import argparse
import hashlib
import importlib
import importlib.util
import random
import re
import sys
import tempfile
import time
from pathlib import Path

GOLDEN = Path(__file__).parents[2] / "tests" / "golden"
_TOKEN = re.compile(rb"</?[A-Za-z][^<>]{0,80}>|\"[A-Za-z_$]{1,40}\"|[A-Za-z]{4,20}|[\x01-\x1f]")


def seeds(source_format: str) -> list[bytes]:
    """The payloads of the format's golden cases."""
    paths = sorted((GOLDEN / source_format).glob("*.*"))
    return [path.read_bytes() for path in paths if not path.name.endswith(".expected.json")] or [b""]


def tokens(samples: list[bytes]) -> list[bytes]:
    """The pieces a payload of the format is made of."""
    return sorted({token for sample in samples for token in _TOKEN.findall(sample)})


def check(source_format: str, payload: bytes) -> int:
    """Parse twice and compare; returns the number of articles. Any error but ParseError is a finding."""
    formats = importlib.import_module("sources.formats")
    articles = importlib.import_module("articles")
    first, second = (_outcome(formats.FORMATS[source_format], articles, payload) for _ in range(2))
    if first != second:
        raise AssertionError("the same bytes gave two outcomes")
    return sum(kind == "article" for kind, _ in first)


def _outcome(parse, articles, payload: bytes) -> list[tuple[str, str]]:  # noqa: ANN001
    found = []
    try:
        for item in parse(payload, articles.Origin(uri="fuzz")):
            if isinstance(item, articles.ParseError):
                found.append(("reject", f"{item.item_index} {item}"))
            else:
                text = repr(item)
                "\n".join((item.title, item.body, item.summary or "", *item.keywords)).encode()
                found.append(("article", text))
    except articles.ParseError as error:
        found.append(("raised", str(error)))
    return found


def mutate(generator: random.Random, samples: list[bytes], pieces: list[bytes]) -> bytes:
    """A seed with a few of its parts cut, doubled, moved or replaced by others of the format."""
    payload = bytearray(generator.choice(samples))
    for _ in range(generator.randint(1, 6)):
        start = generator.randrange(len(payload) + 1)
        end = min(len(payload), start + generator.choice((1, 2, 5, 20, 100, 1000)))
        match generator.randrange(6):
            case 0:
                del payload[start:end]
            case 1:
                payload[start:start] = payload[start:end] * generator.randint(1, 30)
            case 2:
                payload[start:end] = generator.choice(pieces or [b""])
            case 3:
                payload[start:end] = generator.randbytes(generator.randint(1, 4))
            case 4:
                other = generator.choice(samples)
                cut = generator.randrange(len(other) + 1)
                payload[start:] = other[cut:]
            case _:
                del payload[start:]
    return bytes(payload)


def fuzz_at_random(source_format: str, seconds: float, findings: Path, seed: int) -> int:
    """Draw mutations until the time is over; the number of findings."""
    generator, samples = random.Random(seed), seeds(source_format)
    pieces, ends = tokens(samples), time.monotonic() + seconds
    runs = yielded = bad = 0
    slowest = 0.0
    while time.monotonic() < ends:
        payload = mutate(generator, samples, pieces)
        began = time.perf_counter()
        try:
            yielded += check(source_format, payload)
        except Exception as error:  # noqa: BLE001
            bad += 1
            path = findings / f"{source_format}-{hashlib.sha256(payload).hexdigest()[:12]}"
            path.write_bytes(payload)
            print(f"{path}: {type(error).__name__}: {error}")
        runs += 1
        slowest = max(slowest, time.perf_counter() - began)
    print(
        f"{source_format}: {runs} payloads, {yielded} articles, {bad} findings, slowest {slowest:.2f} s (seed {seed})"
    )
    return bad


def fuzz_by_branches(source_format: str, seconds: int, findings: Path) -> None:
    """Let atheris search; it exits by itself, with an error where it found something."""
    atheris = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["sources"]):
        importlib.import_module("sources.formats")
    samples = seeds(source_format)
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder, "corpus")
        corpus.mkdir()
        for number, sample in enumerate(samples):
            (corpus / str(number)).write_bytes(sample)
        words = Path(folder, "words")
        entries = ("".join(f"\\x{byte:02x}" for byte in token) for token in tokens(samples))
        words.write_text("".join(f'"{entry}"\n' for entry in entries))
        options = [f"-max_total_time={seconds}", f"-dict={words}", f"-artifact_prefix={findings}/{source_format}-",
                   "-timeout=10", "-max_len=20000", "-rss_limit_mb=3000", "-print_final_stats=1"]  # fmt: skip
        atheris.Setup([sys.argv[0], *options, str(corpus)], lambda payload: check(source_format, payload) and None)
        atheris.Fuzz()


def main() -> int:
    """Fuzz one format; the exit status is 1 where something was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("format")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--findings", type=Path, default=Path(tempfile.gettempdir()))
    parser.add_argument("--random", action="store_true", help="draw mutations at random although atheris is there")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    options.findings.mkdir(parents=True, exist_ok=True)
    if not options.random and importlib.util.find_spec("atheris"):
        fuzz_by_branches(options.format, int(options.minutes * 60), options.findings)
    return fuzz_at_random(options.format, options.minutes * 60, options.findings, options.seed) > 0


if __name__ == "__main__":
    sys.exit(main())

"""The audit of a table: does every item add up, is every file whole.

The manifests say what was committed; everything they say is recomputed here from the files.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

import pyarrow.compute as pc

from sinks.columnar import read_metadata, read_parquet
from sinks.layout import COMMITS, FEEDS, INTENT, SIGNATURES, STAGING
from sinks.manifest import LEDGER, CommittedFile, Manifest, live_files, manifests
from sinks.schema import TABLES
from sinks.staging import container
from storage.files import sha256
from storage.paths import Location, below, find

_TEXTS = ("articles", "duplicates", "held")


def verify(output: Location) -> Iterator[str]:
    """Yield a line on everything that is wrong; nothing where all is well.

    Reads every file once in full. Raises `FileNotFoundError` where nothing was ever committed.
    """
    if not (output / COMMITS).is_dir():
        msg = f"{output}: no newsbeam tables here (there is no {COMMITS}/)"
        raise FileNotFoundError(msg)
    try:
        history = list(manifests(output))
    except ValueError as error:
        yield str(error)
        return
    if not history:
        yield from _check_strays(output, {})
        return
    live = {path: file for path, file in live_files(history).items() if file.table in TABLES}
    state = {file.path: file for file in history[-1].state}
    faults = [fault for _, file in sorted((live | state).items()) if (fault := _fault(output, file))]
    yield from faults
    yield from _check_strays(output, live | state)
    if faults:
        yield "rows were not counted: that needs every file whole"
        return
    signed = sum(file.rows for file in state.values() if file.table == "signatures")
    yield from _check_ledgers(output, history, list(live.values()))
    yield from _check_identities(output, list(live.values()), signed, history)


def _fault(output: Location, file: CommittedFile) -> str | None:
    """What is wrong with a file, None where it is what was committed."""
    path = output / file.path
    if not path.is_file():
        return f"{file.path}: committed, but missing"
    if (size := path.stat().st_size) != file.bytes:
        return f"{file.path}: {size:,} bytes, committed were {file.bytes:,}"
    if sha256(path) != file.sha256:
        return f"{file.path}: changed since it was committed (its SHA-256 is another)"
    try:
        found = read_metadata(path)
    except (OSError, ValueError) as error:
        return f"{file.path}: no Parquet file: {error}"
    if found.num_rows != file.rows:
        return f"{file.path}: {found.num_rows:,} rows, committed were {file.rows:,}"
    missing = set(TABLES[file.table].names if file.table in TABLES else ()) - set(found.schema.to_arrow_schema().names)
    return f"{file.path}: lacks the columns {', '.join(sorted(missing))}" if missing else None


def _check_strays(output: Location, files: dict[str, CommittedFile]) -> Iterator[str]:
    for folder in (*TABLES, SIGNATURES, FEEDS):
        for path in find(output / folder, "**/*"):
            name = below(output, path)
            if path.is_file() and name not in files:
                yield f"{name}: in no manifest"
    left = {below(output / STAGING, path).partition("/")[0] for path in find(output / STAGING, "**/*")}
    for run_id in sorted(left):
        rest = (
            "an interrupted commit"
            if (output / STAGING / run_id / INTENT).exists()
            else "an interrupted or running run"
        )
        yield f"{STAGING}/{run_id}: left by {rest}; the next run clears it up"


def _check_ledgers(output: Location, history: Sequence[Manifest], files: Sequence[CommittedFile]) -> Iterator[str]:
    """Recount the rows of each run and source: rows count to the run that read them, released or not."""
    texts: Counter[tuple[str, str]] = Counter()
    rejects: Counter[tuple[str, str]] = Counter()
    rows_by_table: Counter[str] = Counter()
    for file in files:
        rows = read_parquet(output / file.path, columns=["run_id", "source_uri"])
        pairs = zip(rows["run_id"].to_pylist(), map(container, rows["source_uri"].to_pylist()), strict=True)
        (rejects if file.table == "rejects" else texts).update(pairs)
        rows_by_table[file.table] += len(rows)
    dropped = _dropped(history)
    for manifest in history:
        for source, ledger in manifest.sources.items():
            place = (manifest.run_id, source)
            gone = dropped.pop(place, Counter())
            expected = {
                "texts": sum(ledger[name] - gone[name] for name in _TEXTS),
                "rejects": ledger["rejects"] - gone["rejects"],
            }
            found = {"texts": texts.pop(place, 0), "rejects": rejects.pop(place, 0)}
            if expected != found:
                yield f"run {manifest.run_id}, {source}: the ledger has {expected}, the tables have {found}"
            if ledger["read"] != sum(ledger[name] for name in LEDGER[1:]):
                yield f"run {manifest.run_id}, {source}: the ledger does not add up: {ledger}"
        summed = {name: sum(ledger[name] for ledger in manifest.sources.values()) for name in LEDGER}
        if summed != manifest.totals:
            yield f"run {manifest.run_id}: totals {manifest.totals}, but its sources sum to {summed}"
    for (run_id, source), number in sorted((texts + rejects).items()):
        yield f"run {run_id}, {source}: {number} rows in no ledger"
    for run_id, source in sorted(dropped):
        yield f"run {run_id}, {source}: rows of it were dropped, but it is in no ledger"
    held = sum(manifest.totals["held"] - sum(manifest.released.values()) for manifest in history)
    held -= sum(tables.get("held", 0) for tables in _dropped(history).values())
    if rows_by_table["held"] != held:
        yield f"held: {rows_by_table['held']:,} rows, the ledgers have {held:,}"


def _dropped(history: Iterable[Manifest]) -> dict[tuple[str, str], Counter[str]]:
    """The rows taken out of the tables for good, by run and source that read them, and by table."""
    dropped: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for manifest in history:
        for run_id, sources in manifest.dropped.items():
            for source, tables in sources.items():
                dropped[run_id, source].update(tables)
    return dict(dropped)


def _check_identities(
    output: Location, files: Sequence[CommittedFile], signatures: int, history: Sequence[Manifest]
) -> Iterator[str]:
    """Each version once, each duplicate beside its canonical article, a signature for every row."""
    versions: Counter[tuple[str, int]] = Counter()
    canonical: set[str] = set()
    for file in files:
        if file.table == "articles":
            rows = read_parquet(output / file.path, columns=["article_id", "version"])
            versions.update(zip(rows["article_id"].to_pylist(), rows["version"].to_pylist(), strict=True))
        elif file.table == "duplicates":
            rows = read_parquet(output / file.path, columns=["duplicate_of"])
            canonical.update(pc.unique(rows["duplicate_of"]).to_pylist())
    for (article_id, version), number in versions.items():
        if number > 1:
            yield f"articles: {article_id} has version {version} {number} times"
    known = {article_id for article_id, _ in versions}
    for article_id in sorted(canonical - known):
        yield f"duplicates: {article_id} is named as canonical, but is in no article"
    signed = sum(manifest.totals[name] for manifest in history for name in (*_TEXTS, "rejects")) + sum(
        sum(manifest.released.values()) for manifest in history
    )
    if signatures != signed:
        yield f"{SIGNATURES}: {signatures:,} rows, the ledgers have {signed:,}"

import gzip
import io
import random
import threading
import time

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from rich.cells import cell_len
from rich.console import Console

from pipelines import progress
from pipelines.progress import READING, WRITING, Reporter
from pipelines.tally import KEPT_SOURCES, Odometer, Opened, Tally
from reports.progress import Step, end_of, line, render
from sources.plan import Spool, plan
from sources.read import open_uri

STAGES = (
    Step(name="polling 12 feeds", seconds=3),
    Step(
        name=READING,
        items=123_456,
        rejects=2_452,
        bytes=1_200_000_000,
        total_bytes=2_800_000_000,
        seconds=41,
        left=72,
        running=True,
    ),
)
SOURCES = (
    Step(name="/archive/2026/岛屿渡轮/wires-of-a-long-name.jsonl", items=100_000, bytes=900_000_000, seconds=38),
    Step(name="https://wire.example/\x1b[31mrss", items=9, bytes=1200, seconds=0),
)


def printed(width, **options):
    console = Console(file=io.StringIO(), width=width, **options)
    console.print(render(STAGES, SOURCES, width=width, plain_letters=console.options.ascii_only))
    return console.file.getvalue()


def test_table_has_counts_rate_bytes_elapsed_and_the_time_left():
    rows = printed(100).splitlines()
    assert rows[0].split() == ["items", "rate", "bytes", "elapsed", "left"]
    assert rows[1].split() == ["✓", "polling", "12", "feeds", "0:00:03"]
    assert " ".join(rows[2].split()) == "▸ reading 123,456 3,011/s 1.2 GB of 2.8 GB 0:00:41 0:01:12"
    assert rows[3].split()[-5:] == ["100,000", "2,632/s", "900.0", "MB", "0:00:38"]
    assert "\x1b" not in rows[4]


@pytest.mark.parametrize("width", [20, 36, 40, 60, 80, 100, 200])
def test_table_keeps_within_the_terminal_and_to_one_line_a_row(width):
    rows = printed(width).splitlines()
    assert len(rows) == 1 + len(STAGES) + len(SOURCES)
    assert max(cell_len(row) for row in rows) <= width
    assert all("123,456" in row for row in rows if "reading" in row)


def test_path_keeps_its_end():
    assert "long-name.jsonl" in printed(60)
    assert cell_len(end_of("岛屿渡轮下周一恢复通航", 7)) <= 7


def test_no_colour_and_plain_letters_are_honoured(monkeypatch):
    assert "\x1b[" in printed(100, force_terminal=True, color_system="standard")
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[3" not in printed(100, force_terminal=True, color_system="standard")
    ascii_only = Console(file=io.TextIOWrapper(io.BytesIO(), encoding="ascii"), width=60)
    assert ascii_only.options.ascii_only
    ascii_only.print(render(STAGES, SOURCES[1:], width=60, plain_letters=True))


def test_line_says_what_is_known_and_no_more():
    assert line(STAGES[0]) == "polling 12 feeds: 0:00:03"
    assert line(STAGES[1]) == (
        "reading: 123,456 items (2,452 rejects), 3,011/s, 1.2 GB of 2.8 GB, 0:00:41, about 0:01:12 left"
    )


def stage_rows(folder, number, sources):
    folder.mkdir(exist_ok=True)
    path = folder / f"articles-{number:032x}-{len(sources)}.parquet"
    pq.write_table(pa.table({"source_uri": sources, "other": [0] * len(sources)}), path)


def test_tally_counts_rows_by_kind_and_source_and_each_file_once(tmp_path):
    rows = tmp_path / "rows"
    tally = Tally(rows)
    tally.update(10.0, by_source=True)
    assert tally.rows.total() == 0
    stage_rows(rows, 1, ["/a.zip!/1", "/a.zip!/2", "/b"])
    tally.update(11.0, by_source=True)
    tally.update(12.0, by_source=True)
    stage_rows(rows, 2, ["/b"])
    (rows / "articles-x.part").write_bytes(b"half")
    tally.update(15.0, by_source=True)
    assert dict(tally.rows) == {"articles": 4}
    assert {name: source.items for name, source in tally.sources.items()} == {"/a.zip": 2, "/b": 2}
    assert list(tally.sources)[-1] == "/b"
    assert (tally.sources["/b"].since, tally.sources["/b"].until) == (10.0, 15.0)


def test_tally_remembers_a_bounded_number_of_sources(tmp_path):
    stage_rows(tmp_path, 1, [f"/{index}" for index in range(KEPT_SOURCES + 10)])
    tally = Tally(tmp_path)
    tally.update(1.0, by_source=True)
    assert len(tally.sources) == KEPT_SOURCES
    assert tally.forgotten
    assert tally.rows.total() == KEPT_SOURCES + 10


def test_tally_outlives_files_that_go_away(tmp_path):
    (tmp_path / f"articles-{1:032x}-5.parquet").write_bytes(b"no parquet")
    tally = Tally(tmp_path)
    tally.update(1.0, by_source=True)
    assert (tally.rows.total(), len(tally.sources)) == (5, 0)


def test_odometer_goes_by_the_bytes_of_the_files_as_they_lie_there(tmp_path):
    noise = random.Random(7)
    lines = b"".join(
        b'{"id": %d, "title": "%s"}\n' % (index, noise.randbytes(400).hex().encode()) for index in range(9000)
    )
    packed, plain, whole = tmp_path / "a.jsonl.gz", tmp_path / "b.jsonl", tmp_path / "c.xml"
    packed.write_bytes(gzip.compress(lines, 1))
    plain.write_bytes(lines)
    whole.write_bytes(b"<rss/>")

    def follow(path):
        opened, size = Opened(open_uri), path.stat().st_size
        units = plan(str(path), size, opened, spool=Spool(str(tmp_path / "spool")), piece=1 << 20)
        for _ in odometer.follow(units, str(path), size, opened.position):
            yield odometer.planned

    odometer = Odometer()
    marks = [mark for path in (packed, plain, whole) for mark in follow(path)]
    assert marks == sorted(marks)
    first = [mark for mark in marks if mark < packed.stat().st_size]
    assert len(first) >= 3, "unpacked pieces of the packed file don't count for more than it"
    assert odometer.planned == sum(path.stat().st_size for path in (packed, plain, whole))
    assert odometer.done == 0
    odometer.arrive()
    assert odometer.done == odometer.planned


def test_time_left_follows_from_the_bytes_read(monkeypatch):
    reporter = Reporter(quiet=False)
    reporter.odometer.total = 1000
    reporter.stage(READING)
    (stage,) = reporter._stages
    stage.started = time.monotonic() - 10
    assert reporter._step(stage).left is None, "nothing is known before the first chunk is read"
    stage.items, reporter.odometer.done, reporter.odometer.planned, reporter._mark = 50, 250, 500, (250, 50)
    assert reporter._step(stage).left == pytest.approx(30, abs=0.1)
    stage.items = 75
    assert reporter._step(stage).bytes == 375
    stage.items = 900
    assert reporter._step(stage).bytes == 500, "no more than the chunk has"


@pytest.fixture
def elsewhere(monkeypatch):
    """Standard error that is no terminal; CI systems set what makes rich believe otherwise."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setattr(progress, "PLAIN_SECONDS", 0.05)
    monkeypatch.setattr(progress, "WORTH_A_LINE", 0.0)


def test_elsewhere_there_are_lines_now_and_then_and_at_the_end_of_a_stage(elsewhere, tmp_path, capsys):
    reporter = Reporter(quiet=False)
    assert not reporter.live
    with reporter.watch(tmp_path / "rows", tmp_path / "final"):
        reporter.stage(READING)
        stage_rows(tmp_path / "rows", 1, ["/a"] * 3)
        time.sleep(0.2)
        reporter.stage(WRITING)
    out, err = capsys.readouterr()
    assert out == ""
    assert "\x1b[?25" not in err, "no cursor is moved or hidden"
    lines = [text for text in err.splitlines() if "reading: 3 items" in text]
    assert len(lines) >= 2


def test_quiet_says_nothing_and_starts_nothing(elsewhere, tmp_path, capsys):
    reporter = Reporter(quiet=True)
    with reporter.watch(tmp_path, tmp_path):
        reporter.stage(READING)
        reporter.say("a line")
        assert [thread.name for thread in threading.enumerate() if thread.name == "progress"] == []
        reporter.stage(WRITING)
    assert capsys.readouterr() == ("", "")

"""The metrics file and the JSON log, as a run leaves them."""

import errno
import json
import logging
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

import pipelines.run
from pipelines.cli import main

WIRES = Path(__file__).parents[2] / "examples/wires"
NAMES = ("time", "level", "logger", "message", "run_id", "stage", "seconds")


def ingest(output, *flags):
    return main(["ingest", str(WIRES), "--output", str(output), "--max-reject-rate", "1", *map(str, flags)])


def metrics(path):
    return {
        (sample.name, *sorted(value for name, value in sample.labels.items() if name != "output")): sample.value
        for family in text_string_to_metric_families(path.read_text())
        for sample in family.samples
    }


def log(capsys):
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


@pytest.fixture
def broken(monkeypatch):
    """Have the next run end with an error."""

    def breaking(error):
        def ingest(*_):
            raise error

        monkeypatch.setattr(pipelines.run, "ingest", ingest)

    return breaking


def test_metrics_and_log_say_what_the_summary_says(tmp_path, capsys):
    handlers = logging.getLogger().handlers[:]
    path = tmp_path / "wires.prom"
    assert ingest(tmp_path / "tables", "--json-summary", "--log-json", "--metrics-file", path) == 0
    assert logging.getLogger().handlers == handlers
    captured = capsys.readouterr()
    summary = json.loads(captured.out)
    lines = [json.loads(line) for line in captured.err.splitlines()]
    found = metrics(path)
    for outcome, number in summary["totals"].items():
        if outcome != "read":
            assert found["newsbeam_items_total", *sorted([outcome, "file"])] == number
    for reason, number in summary["rejects_by_reason"].items():
        assert found["newsbeam_last_run_rejects", reason] == number
    assert found["newsbeam_written_bytes_total",] == summary["bytes"] > 0

    assert all(name in line for line in lines for name in NAMES)
    assert {line["run_id"] for line in lines} == {summary["run_id"]}
    assert [line["stage"] for line in lines][-1] == "finished"
    assert {"reading", "deciding", "writing", "publishing"} <= {line["stage"] for line in lines}
    assert lines[-1]["totals"] == summary["totals"]
    assert lines[-1]["exit_status"] == 0


def test_quiet_logs_nothing_of_a_run_that_went_well(tmp_path, capsys):
    assert ingest(tmp_path / "tables", "--quiet", "--log-json") == 0
    assert capsys.readouterr().err == ""


def test_too_many_rejects_are_a_success_with_its_status(tmp_path):
    path = tmp_path / "wires.prom"
    assert ingest(tmp_path / "tables", "--quiet", "--max-reject-rate", "0", "--metrics-file", path) == 3
    assert metrics(path)["newsbeam_last_run_success",] == 1
    assert metrics(path)["newsbeam_last_run_exit_status",] == 3


def test_failure_is_measured_and_told(tmp_path, capsys, broken):
    broken(OSError(errno.ENOSPC, "No space left on device"))
    path = tmp_path / "wires.prom"
    assert ingest(tmp_path / "tables", "--log-json", "--metrics-file", path) == 1
    assert metrics(path)["newsbeam_last_run_success",] == 0
    (line,) = log(capsys)
    assert (line["level"], line["message"]) == ("error", "[Errno 28] No space left on device")


def test_bug_is_measured_and_told_with_its_traceback(tmp_path, capsys, broken):
    broken(ZeroDivisionError("a bug"))
    path = tmp_path / "wires.prom"
    with pytest.raises(SystemExit) as ended:
        ingest(tmp_path / "tables", "--quiet", "--log-json", "--metrics-file", path)
    assert ended.value.code == 1
    assert metrics(path)["newsbeam_runs_total", "failure"] == 1
    (line,) = log(capsys)
    assert (line["level"], line["message"]) == ("critical", "a bug")
    assert "ZeroDivisionError" in line["exception"]


def test_bug_passes_through_where_people_read(tmp_path, broken):
    broken(ZeroDivisionError("a bug"))
    path = tmp_path / "wires.prom"
    with pytest.raises(ZeroDivisionError):
        ingest(tmp_path / "tables", "--metrics-file", path)
    assert metrics(path)["newsbeam_last_run_success",] == 0


def test_wrong_usage_has_its_status_in_log_and_metrics(tmp_path, capsys):
    path = tmp_path / "wires.prom"
    arguments = ["ingest", str(tmp_path / "none"), "--output", str(tmp_path / "tables"), "--metrics-file", str(path)]
    with pytest.raises(SystemExit) as ended:
        main([*arguments, "--log-json"])
    assert ended.value.code == 2
    assert "nothing to read" in log(capsys)[-1]["message"]
    assert metrics(path)["newsbeam_last_run_exit_status",] == 2


def test_metrics_file_needs_a_folder_before_the_run_begins(tmp_path, capsys):
    assert ingest(tmp_path / "tables", "--metrics-file", tmp_path / "none/wires.prom") == 2
    assert "make it first" in capsys.readouterr().err
    assert not (tmp_path / "tables").exists()


def test_metrics_file_must_have_the_collector_s_ending(tmp_path, capsys):
    with pytest.raises(SystemExit):
        ingest(tmp_path / "tables", "--metrics-file", tmp_path / "wires.txt")
    assert "end in .prom" in capsys.readouterr().err


def test_metrics_that_can_t_be_written_fail_no_run(tmp_path, capsys):
    (tmp_path / "wires.prom").mkdir()
    assert ingest(tmp_path / "tables", "--quiet", "--metrics-file", tmp_path / "wires.prom") == 0
    assert "the metrics could not be written" in capsys.readouterr().err


def test_metrics_file_of_a_config_file_lies_beside_it(tmp_path):
    (tmp_path / "wires.toml").write_text(
        f'inputs = ["{WIRES}"]\noutput = "tables"\nmetrics_file = "wires.prom"\nmax_reject_rate = 1\nquiet = true\n'
    )
    assert main(["ingest", "--config", str(tmp_path / "wires.toml")]) == 0
    assert metrics(tmp_path / "wires.prom")["newsbeam_last_run_success",] == 1

"""`newsbeam stream` as it is typed: what is refused, and what is handed to the engine."""

import json

import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from feed_server import FeedServer, answer

from pipelines.cli import main
from pipelines.options import UsageError
from pipelines.streaming.engine import Engine, EngineError, engine_of, stream_options
from pipelines.streaming.options import StreamOptions

FLINK = (
    "--runner=FlinkRunner",
    "--job_endpoint=127.0.0.1:1",
    "--environment_type=EXTERNAL",
    "--environment_config=127.0.0.1:2",
)


@pytest.mark.parametrize("runner", [(), ("--runner=FnApiRunner",), ("--runner=DirectRunner",)])
def test_runners_that_do_not_stream_are_refused(runner, tmp_path, capsys):
    assert main(["stream", "https://wire.example/rss", "--output", str(tmp_path), *runner]) == 2
    said = capsys.readouterr().err
    assert "closes windows only when all input has ended" in said
    assert "--runner=FlinkRunner" in said


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (FLINK, "--flink_master=HOST:PORT"),
        ((*FLINK, "--flink_master=127.0.0.1:1"), "no Flink cluster answers"),
        (FLINK[:2], "--environment_type"),
        ((*FLINK, "--window=1", "--tick=5"), "--window 1 is shorter than --tick 5"),
        ((*FLINK, "--window=0"), "more than 0"),
    ],
)
def test_what_can_not_be_is_refused(flags, said, tmp_path, capsys):
    try:
        status = main(["stream", "https://wire.example/rss", "--output", str(tmp_path), *flags])
    except SystemExit as error:
        status = error.code
    assert status == 2
    assert said in capsys.readouterr().err


def test_a_stream_needs_a_job_server(tmp_path, capsys, feed_server: FeedServer):
    feed_server.serve("/jobs/overview", answer(body=b'{"jobs": []}'))
    master = f"--flink_master=127.0.0.1:{feed_server.port}"
    assert main(["stream", "https://wire.example/rss", "--output", str(tmp_path), *FLINK, master]) == 2
    assert "no Beam job server answers" in capsys.readouterr().err


def test_a_stream_that_does_not_run_can_not_be_stopped(tmp_path, capsys, feed_server: FeedServer):
    feed_server.serve("/jobs/overview", answer(body=b'{"jobs": []}'))
    master = f"--flink_master=127.0.0.1:{feed_server.port}"
    assert main(["stream", "--output", str(tmp_path), "--stop", master]) == 2
    assert "has no running stream stream" in capsys.readouterr().err
    assert main(["stream", "--stop", master]) == 2
    assert "no output" in capsys.readouterr().err


def test_a_config_file_names_the_stream_to_stop(tmp_path, capsys, feed_server: FeedServer):
    feed_server.serve("/jobs/overview", answer(body=b'{"jobs": []}'))
    config = tmp_path / "wires.toml"
    config.write_text(
        f'inputs = ["inbox"]\noutput = "tables"\nname = "wires"\nwindow = 30\n'
        f'[beam]\nflink_master = "127.0.0.1:{feed_server.port}"\n'
    )
    assert main(["stream", "--config", str(config), "--stop"]) == 2
    assert f"{tmp_path / 'tables'} has no running stream wires" in capsys.readouterr().err


def test_options_of_one_run_are_none_of_a_stream():
    assert not {"run_id", "full_text", "json_summary"} & set(StreamOptions.settable())
    assert StreamOptions.settable()["lock_wait"].default == 300.0


def test_the_engine_is_told_to_stream_and_to_note_where_it_is():
    flags = (*FLINK, "--flink_master=127.0.0.1:8081")
    options = stream_options(flags, "wires", 10.0)
    assert options.get_all_options()["streaming"]
    assert engine_of(options).address == "http://127.0.0.1:8081"
    with pytest.raises(UsageError, match="JobManager"):
        engine_of(PipelineOptions(list(FLINK)))


def test_jobs_are_found_by_their_name(feed_server: FeedServer):
    jobs = [
        {"jid": "1", "name": "wires", "state": "CANCELED"},
        {"jid": "2", "name": "wires", "state": "RESTARTING"},
        {"jid": "3", "name": "others", "state": "RUNNING"},
    ]
    feed_server.serve("/jobs/overview", answer(body=json.dumps({"jobs": jobs}).encode()))
    engine = Engine(f"http://127.0.0.1:{feed_server.port}")
    assert engine.jobs("wires") == {"1": "CANCELED", "2": "RESTARTING"}
    assert engine.jobs("none") == {}


def test_a_savepoint_is_waited_for(feed_server: FeedServer):
    done = {"status": {"id": "COMPLETED"}, "operation": {"location": "file:/savepoints/7"}}
    answers = [{"status": {"id": "IN_PROGRESS"}}, done]
    feed_server.serve("/jobs/2/savepoints", answer(202, b'{"request-id": "7"}'))
    feed_server.serve(
        "/jobs/2/savepoints/7", lambda request: [answer(body=json.dumps(answers[min(request.attempt, 2) - 1]).encode())]
    )
    assert Engine(f"http://127.0.0.1:{feed_server.port}").savepoint("2") == "file:/savepoints/7"


def test_a_savepoint_that_fails_says_why(feed_server: FeedServer):
    failed = {"status": {"id": "COMPLETED"}, "operation": {"failure-cause": {"stack-trace": "disk full"}}}
    feed_server.serve("/jobs/2/savepoints", answer(202, b'{"request-id": "7"}'))
    feed_server.serve("/jobs/2/savepoints/7", answer(body=json.dumps(failed).encode()))
    with pytest.raises(EngineError, match="disk full"):
        Engine(f"http://127.0.0.1:{feed_server.port}").savepoint("2")


@pytest.mark.parametrize("body", [b"<html>", b"5", b"{}", b'{"jobs": [5]}', b'{"jobs": [{}]}'])
def test_what_is_no_job_manager_is_told_apart(feed_server: FeedServer, body):
    feed_server.serve("/jobs/overview", answer(body=body))
    with pytest.raises(EngineError):
        Engine(f"http://127.0.0.1:{feed_server.port}").jobs("wires")


@pytest.mark.parametrize("bytes_sent", [b"", b"220 mail ready\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"])
def test_an_answer_that_breaks_off_is_an_error_of_the_engine(feed_server: FeedServer, bytes_sent):
    feed_server.serve("/jobs/7", bytes_sent)
    with pytest.raises(EngineError):
        Engine(f"http://127.0.0.1:{feed_server.port}").state("7")


def test_why_a_job_failed_is_its_innermost_cause(feed_server: FeedServer):
    trace = "java.lang.RuntimeException: Failed\n\tat a\nCaused by: java.io.IOException: gone\n\tat b\n"
    feed_server.serve("/jobs/2/exceptions", answer(body=json.dumps({"root-exception": trace}).encode()))
    assert Engine(f"http://127.0.0.1:{feed_server.port}").failure("2") == "Caused by: java.io.IOException: gone"
    with pytest.raises(EngineError, match="404"):
        Engine(f"http://127.0.0.1:{feed_server.port}").state("9")

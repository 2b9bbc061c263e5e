import pytest

from pipelines.beam_flags import LOCAL, checked_options, split_flags
from pipelines.cli import main
from pipelines.options import UsageError
from pipelines.runners import is_distributed


def test_flags_of_beam_are_told_from_ours_with_their_values():
    flags, left = split_flags(["a.xml", "--output", "out", "--job_name", "wires", "--save_main_session", "b.xml"])
    assert flags == ("--job_name", "wires", "--save_main_session")
    assert left == ["a.xml", "--output", "out", "b.xml"]


@pytest.mark.parametrize(
    ("flag", "reason"),
    [
        ("--direct_running_mode=multi_threading", "lose rows"),
        ("--direct_running_mode=multi_processing", "not shown to keep every row"),
        ("--direct_num_workers=2", "loses rows"),
        ("--direct_num_workers=0", "loses rows"),
        ("--streaming", "reads what is there and ends"),
        ("--runner=DirectRunner", "Prism, which it downloads"),
        ("--runner=PrismRunner", "more memory"),
        ("--runner=BundleBasedDirectRunner", "lost 28 of 60"),
        ("--runner=SparkRunner", "ever compared"),
        ("--runner=PortableRunner", "which engine"),
        ("--parallelism=2", "for a cluster"),
        ("--runner=FlinkRunner", "needs --job_endpoint"),
    ],
)
def test_settings_that_lose_rows_are_refused_with_the_reason(flag, reason, tmp_path, capsys):
    with pytest.raises(UsageError, match=reason):
        checked_options([flag])
    assert main(["ingest", str(tmp_path), "--output", str(tmp_path / "out"), flag]) == 2
    assert reason in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_local_runs_name_their_runner_and_mode():
    options = checked_options(["--job_name=wires"]).get_all_options()
    assert (options["runner"], options["direct_running_mode"], options["direct_num_workers"]) == (
        "FnApiRunner",
        "in_memory",
        1,
    )
    assert options["job_name"] == "wires"
    assert len(LOCAL) == 3


CLUSTER = ["--runner=FlinkRunner", "--job_endpoint=127.0.0.1:1", "--environment_type=EXTERNAL"]


@pytest.mark.parametrize(
    ("flags", "reason"),
    [
        ([*CLUSTER], "needs --environment_config"),
        ([*CLUSTER[:2]], "containers without newsbeam"),
        ([*CLUSTER[:2], "--environment_type=LOOPBACK"], "this one process"),
        ([*CLUSTER[:2], "--environment_type=beam:env:unknown"], "no kind of worker"),
        ([*CLUSTER, "--environment_config=127.0.0.1:1", "--parallelism=0"], "no number of workers"),
        ([*CLUSTER, "--environment_config=127.0.0.1:1", "--flink_submit_uber_jar"], "job server at --job_endpoint"),
        ([*CLUSTER, "--environment_config=127.0.0.1:1", "--streaming"], "reads what is there"),
    ],
)
def test_a_cluster_is_named_whole_or_refused(flags, reason):
    with pytest.raises(UsageError, match=reason):
        checked_options(flags)


def test_a_cluster_that_is_not_there_is_said_before_anything_is_written(tmp_path, capsys):
    # Port 1 (tcpmux) has no listener on any machine of ours.
    flags = [*CLUSTER, "--environment_config=127.0.0.1:1", "--parallelism=2"]
    assert is_distributed(checked_options(flags))
    assert main(["ingest", str(tmp_path), "--output", str(tmp_path / "out"), *flags]) == 2
    assert "no Beam job server answers at --job_endpoint=127.0.0.1:1" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_flag_of_nobody_is_wrong_usage(tmp_path, capsys):
    assert main(["ingest", str(tmp_path), "--ouput", str(tmp_path / "out")]) == 2
    assert "--ouput" in capsys.readouterr().err

import pytest

from pipelines.beam_flags import LOCAL, local_options, split_flags
from pipelines.cli import main
from pipelines.options import UsageError


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
        ("--streaming", "windows close only at the end"),
        ("--runner=DirectRunner", "Prism, which it downloads"),
        ("--runner=BundleBasedDirectRunner", "lost 28 of 60"),
        ("--runner=FlinkRunner", "commits on the machine it runs on"),
    ],
)
def test_settings_that_lose_rows_are_refused_with_the_reason(flag, reason, tmp_path, capsys):
    with pytest.raises(UsageError, match=reason):
        local_options([flag])
    assert main(["ingest", str(tmp_path), "--output", str(tmp_path / "out"), flag]) == 2
    assert reason in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_local_runs_name_their_runner_and_mode():
    options = local_options(["--job_name=wires"]).get_all_options()
    assert (options["runner"], options["direct_running_mode"], options["direct_num_workers"]) == (
        "FnApiRunner",
        "in_memory",
        1,
    )
    assert options["job_name"] == "wires"
    assert len(LOCAL) == 3


def test_flag_of_nobody_is_wrong_usage(tmp_path, capsys):
    with pytest.raises(SystemExit) as stop:
        main(["ingest", str(tmp_path), "--ouput", str(tmp_path / "out")])
    assert stop.value.code == 2
    assert "--ouput" in capsys.readouterr().err

import pytest

from pipelines.options import IngestOptions, UsageError
from pipelines.values import size


def config(tmp_path, text):
    path = tmp_path / "wires.toml"
    path.write_text(text, "utf-8")
    return path


def combine(tmp_path, text, **flags):
    return IngestOptions.combine(flags, config(tmp_path, text), ())


def test_file_gives_options_and_its_paths_are_relative_to_it(tmp_path):
    options = combine(
        tmp_path,
        'inputs = ["in/", "gs://bucket/*.xml"]\noutput = "tables"\nchunk_size = "1M"\n[beam]\njob_name = "wires"\n',
    )
    assert options.inputs == (str(tmp_path / "in"), "gs://bucket/*.xml")
    assert options.output == tmp_path / "tables"
    assert options.chunk_size == 1 << 20
    assert options.beam == ("--job_name=wires",)


def test_flags_win_over_the_file(tmp_path):
    assert combine(tmp_path, 'inputs = ["in/"]\noutput = "a"\nlock_wait = 5\n', lock_wait=7.0).lock_wait == 7.0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            'inputs = ["a"]\noutput = "b"\nlock_wiat = 5\n',
            r'wires\.toml:3: unknown key "lock_wiat"; did you mean "lock_wait"\?',
        ),
        ("\nmax_reject_rate = 7\n", r"wires\.toml:2: max_reject_rate: 7 is no share"),
        ('quiet = "yes"\n', r"wires\.toml:1: quiet: 'yes' is neither true nor false"),
        ('chunk_size = "many"\n', r"wires\.toml:1: chunk_size: 'many' is no size"),
        ('inputs = "a"\n', r"wires\.toml:1: inputs: give a list of strings"),
        ("inputs = [1", r"wires\.toml: "),
        ('run_id = "../up"\n', r"wires\.toml:1: run_id: '\.\./up' is no run id"),
        (
            'output = "ftp://a/tables"\n',
            r"wires\.toml:1: output: ftp://a/tables: files can be in a local directory",
        ),
        ('output = "b"\n', "no input"),
        ('inputs = ["a"]\n', "no output"),
    ],
)
def test_mistakes_are_named_with_their_place(tmp_path, text, message):
    with pytest.raises(UsageError, match=message):
        combine(tmp_path, text)


def test_missing_config_file_is_named(tmp_path):
    with pytest.raises(UsageError, match=r"none\.toml"):
        IngestOptions.combine({}, tmp_path / "none.toml", ())


@pytest.mark.parametrize(("text", "value"), [("1", 1), ("64M", 64 << 20), ("2 GiB", 2 << 30), ("3kb", 3 << 10)])
def test_sizes(text, value):
    assert size(text) == value


@pytest.mark.parametrize("text", ["", "0", "-1", "1.5M", "M", "1T", "9" * 400])
def test_no_sizes(text):
    with pytest.raises(ValueError, match="is no size"):
        size(text)

"""What the launcher of the Flex Template runs: parameters of the template in, newsbeam's command line out.

The launcher passes each parameter as `--NAME=VALUE`, and the options of the job as Beam's flags beside them.
"""

import sys
from collections.abc import Iterable, Sequence

from pipelines.cli import main
from pipelines.options import IngestOptions, UsageError


def command(arguments: Iterable[str]) -> list[str]:
    """The command line for the parameters.

    >>> command(["--inputs=gs://wires/a/,https://wire.example/rss", "--output=gs://wires/b", "--full_text=true"])[:5]
    ['ingest', 'gs://wires/a/', 'https://wire.example/rss', '--output=gs://wires/b', '--full-text']

    Raises `UsageError` for a value that is none of its parameter's.
    """
    inputs: list[str] = []
    flags: list[str] = []
    settable = IngestOptions.settable()
    for argument in arguments:
        name, _, value = argument.removeprefix("--").partition("=")
        if name == "inputs":
            inputs += filter(None, value.split(","))
        elif name not in settable:
            flags.append(argument)
        elif not isinstance(settable[name].default, bool):
            flags.append(f"--{name.replace('_', '-')}={value}")
        elif value == "true":
            flags.append(f"--{name.replace('_', '-')}")
        elif value != "false":
            raise UsageError(f"{name}: {value!r} is neither true nor false")
    if not any(flag.startswith("--runner=") for flag in flags):
        # A local run would write tables to the launcher's disk, which goes away with it.
        flags.append("--runner=DataflowRunner")
    # The launcher's machine goes away once the job is there: the job commits by itself.
    return ["ingest", *inputs, *flags, "--detach"]


def launch(arguments: Sequence[str]) -> int:
    """Start the job; its exit status is that of the command."""
    try:
        given = command(arguments)
    except UsageError as error:
        sys.stderr.write(f"newsbeam: {error}\n")
        return 2
    try:
        return main(given)
    except SystemExit as stopped:  # argparse's way to end
        return stopped.code if isinstance(stopped.code, int) else 2


if __name__ == "__main__":
    sys.exit(launch(sys.argv[1:]))

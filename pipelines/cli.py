"""The command line.

Nothing heavy is imported before it is known what to do: `newsbeam --help` and `newsbeam show` need no
Beam.
"""

import argparse
import importlib
import io
import logging
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any, Final

from pipelines.arguments import parser
from pipelines.mistakes import check_command, check_options
from pipelines.options import IngestOptions, UsageError
from pipelines.statuses import EXIT_FAILED, EXIT_OK, EXIT_USAGE
from storage.stores import StoreError

_OF_THEIR_OWN: Final = frozenset({"compact", "replay", "report", "serve", "init"})
"""Commands that a module of their name holds, as a function of that name."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; its exit status."""
    # Read where Arrow is loaded. Its own allocator keeps blocks of every thread that ever read a file: a third of a
    # run's memory, for no speed.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    arguments = list(sys.argv[1:] if argv is None else argv)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # news has letters that a terminal's encoding may not have
    logging.basicConfig(level=logging.ERROR, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    # What a stage raises is the run's own error; the runner's log would tell it again, with its traceback.
    logging.getLogger("apache_beam").setLevel(logging.CRITICAL)
    try:
        return _run(arguments)
    except UsageError as error:
        print(f"newsbeam: {error}", file=sys.stderr)
        return EXIT_USAGE
    except StoreError as error:
        print(f"newsbeam: {error}", file=sys.stderr)
        return EXIT_FAILED
    except KeyboardInterrupt:
        print("newsbeam: interrupted; the next run clears up what this one began", file=sys.stderr)
        return EXIT_FAILED
    except BrokenPipeError:
        # The reader of our output left; point the stream nowhere so that Python's exit does not complain.
        sys.stdout = None
        return EXIT_FAILED


def _run(arguments: list[str]) -> int:
    beam_flags: tuple[str, ...] = ()
    if _has_foreign_flags(arguments):
        from pipelines.beam_flags import split_flags

        beam_flags, arguments = split_flags(arguments)
    main_parser = parser()
    commands: dict[str, argparse.ArgumentParser] = next(
        action.choices  # type: ignore[misc]  # argparse types it as what any argument's choices may be
        for action in main_parser._actions  # noqa: SLF001
        if action.dest == "verb"
    )
    check_command(arguments, commands)
    options, unknown = main_parser.parse_known_args(arguments)
    check_options(unknown, options.verb, commands.get(options.verb, main_parser))
    if options.version:
        print(f"newsbeam {version('newsbeam')}")
        return EXIT_OK
    if options.verb is None:
        main_parser.print_help()
        return EXIT_USAGE
    if options.verb in {"ingest", "stream"}:
        return _read(options, beam_flags)
    if options.verb in _OF_THEIR_OWN:
        module = importlib.import_module(f"pipelines.{options.verb}")
        status: int = getattr(module, options.verb)(options)
        return status
    if options.verb == "completion":
        from pipelines.completion import script

        print(script(main_parser, options.shell))
        return EXIT_OK
    from pipelines import look

    verbs = {"show": look.show, "inspect": look.inspect, "feeds": look.feeds, "verify": look.verify}
    return verbs[options.verb](options)


def _has_foreign_flags(arguments: Sequence[str]) -> bool:
    """Whether there are flags of a command that reads that aren't newsbeam's, and so may be Beam's."""
    if arguments[:1] != ["ingest"]:
        return arguments[:1] == ["stream"]
    known = {"output", "config", "help", *IngestOptions.settable()}
    flags = {argument[2:].partition("=")[0].replace("-", "_") for argument in arguments if argument.startswith("--")}
    return bool(flags - known)


def _read(options: argparse.Namespace, beam_flags: tuple[str, ...]) -> int:
    if options.verb == "stream":
        from pipelines.stream import run_command

        return run_command(options, beam_flags)
    return _ingest(vars(options), beam_flags)


def _ingest(values: dict[str, Any], beam_flags: Sequence[str]) -> int:
    flags = {name: value for name, value in values.items() if name not in {"verb", "version", "config"}}
    if "inputs" in flags:
        flags["inputs"] = tuple(flags["inputs"])
        if not flags["inputs"]:
            del flags["inputs"]
    options = IngestOptions.combine(flags, values.get("config"), beam_flags)
    from pipelines.run import run

    return run(options)


if __name__ == "__main__":
    sys.exit(main())

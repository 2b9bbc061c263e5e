"""What the command line takes: commands, options, and the help that teaches them.

Imports nothing heavy: `newsbeam --help` needs no Beam.
"""

import argparse
from pathlib import Path
from typing import Any, Final

from pipelines.options import GROUPS, IngestOptions
from pipelines.streaming.options import StreamOptions
from pipelines.values import argument_type, count, directory, port, seconds, size

_EPILOG: Final = """\
exit status:
  0  all well
  1  the run failed; the tables are as they were
  2  wrong usage
  3  finished, but more was rejected than --max-reject-rate

examples:
  newsbeam ingest wires/ 'archive/*.jsonl.gz' --output tables
  newsbeam init wires.toml && newsbeam ingest --config wires.toml
  newsbeam ingest https://wire.example/rss feeds.opml --output tables --contact https://us.example
  newsbeam inspect story.txt
  newsbeam feeds tables
  newsbeam show tables
  newsbeam show tables 3f2a
  newsbeam verify tables
  newsbeam compact tables --dry-run
  newsbeam replay tables --dry-run
"""

_COMPLETION_EPILOG: Final = """\
to have it in every new shell (make the directory first where it is not there):
  newsbeam completion bash > ~/.local/share/bash-completion/completions/newsbeam
  newsbeam completion zsh > ~/.zfunc/_newsbeam    (~/.zfunc in fpath, before compinit)
  newsbeam completion fish > ~/.config/fish/completions/newsbeam.fish
"""

_INGEST_USAGE: Final = """\
newsbeam ingest INPUT... --output DIR [OPTION...]
       newsbeam ingest --config FILE [OPTION...]"""

_INGEST: Final = """\
Read feeds and files, tag what translation and editing left in them, and add
what is new to the Parquet tables below the output directory, in one commit.

Reading the same input again adds nothing. A run that was killed leaves nothing
behind: run it again. Formats are found by content: RSS, Atom, JSON Feed, JSON
Lines, plain text and the formats of docs/formats.md; gzip, bzip2, xz, zstd and
zip are opened.

Feeds are polled when they are due: with ETag and Last-Modified, a pause for each
host, and what they ask for in robots.txt and Retry-After (docs/polling.md).

Flags that Beam knows are handed to it: --runner=FlinkRunner, with where the
cluster is, runs on it and leaves the same tables (docs/flink.md).
"""

_INGEST_EPILOG: Final = """\
config file (TOML), with the flags' names in underscores; flags win:
  inputs = ["wires/", "feeds/*.xml"]
  output = "tables"
  max_reject_rate = 0.05
  [beam]
  job_name = "wires"

examples:
  newsbeam ingest wires/ --output tables
  newsbeam ingest 'in/2026-11-*/**/*.jsonl.gz' --output tables --chunk-size 256M
  newsbeam ingest --config wires.toml --json-summary
"""


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    main_parser = argparse.ArgumentParser(
        prog="newsbeam",
        description="News wires in, a Parquet table you can trust out.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    main_parser.add_argument("--version", action="store_true", help="print the version and exit")
    verbs = main_parser.add_subparsers(dest="verb", metavar="COMMAND", title="commands")
    _add_ingest(verbs)
    _add_stream(verbs)
    _add_init(verbs)

    show = _add_verb(
        verbs, "show", "print what is in the tables, or an article with its artifacts and credits highlighted"
    )
    _add_tables(show)
    show.add_argument(
        "article_id",
        metavar="ARTICLE_ID",
        nargs="?",
        help="id of the article, or its first digits; all at a glance without",
    )
    show.add_argument("--json", action="store_true", help="print the rows as JSON, one a line")

    inspect = _add_verb(verbs, "inspect", "parse and tag one file, print what was found, write nothing")
    inspect.add_argument("file", metavar="FILE", help="a file of any format newsbeam reads")
    inspect.add_argument("--json", action="store_true", help="print the articles as JSON, one a line")

    feeds = _add_verb(verbs, "feeds", "list each feed's health, the ones that need a look first")
    _add_tables(feeds)
    feeds.add_argument("--json", action="store_true", help="print the states as JSON, one a line")

    _add_report(verbs)
    _add_serve(verbs)

    verify = _add_verb(verbs, "verify", "check that every item adds up and every file is whole")
    _add_tables(verify)
    _add_compact(verbs)
    replay = _add_verb(verbs, "replay", "try rejects again, with today's code")
    _add_tables(replay)
    replay.add_argument("--dry-run", action="store_true", help="say how many can be read now, and do nothing")
    _add_manners(replay)
    _add_completion(verbs)
    return main_parser


def _add_init(verbs: Any) -> None:  # noqa: ANN401
    init = _add_verb(verbs, "init", "write a config file for ingest, every option with its default and what it does")
    init.add_argument("file", metavar="FILE", nargs="?", default="newsbeam.toml", help="newsbeam.toml; -: print it")
    init.add_argument("--input", metavar="INPUT", action="append", default=[], help="what to read; may be repeated")
    init.add_argument("--output", metavar="DIR", help="directory of the tables")
    init.add_argument("--force", action="store_true", help="write over a file that is there")


def _add_completion(verbs: Any) -> None:  # noqa: ANN401
    completion = _add_verb(verbs, "completion", "print what lets a shell complete commands, options and files")
    completion.add_argument("shell", choices=("bash", "zsh", "fish"), help="the shell")
    completion.formatter_class = argparse.RawDescriptionHelpFormatter
    completion.epilog = _COMPLETION_EPILOG


def _add_verb(verbs: Any, name: str, text: str) -> argparse.ArgumentParser:  # noqa: ANN401
    verb: argparse.ArgumentParser = verbs.add_parser(
        name, help=text, description=text[0].upper() + text[1:] + ".", allow_abbrev=False
    )
    return verb


def _add_tables(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "directory",
        metavar="DIR",
        type=argument_type(directory),
        help="what newsbeam ingest had as --output: a directory, or s3://BUCKET/FOLDER, gs://BUCKET/FOLDER",
    )


def _add_report(verbs: Any) -> None:  # noqa: ANN401
    report = _add_verb(verbs, "report", "write one HTML page on the tables, which needs no network")
    _add_tables(report)
    report.add_argument(
        "--output",
        metavar="FILE",
        type=Path,
        default=Path("newsbeam-report.html"),
        help="where the page goes (newsbeam-report.html)",
    )
    report.add_argument(
        "--articles",
        metavar="N",
        type=argument_type(count),
        default=300,
        help="articles that the page holds in full, at most (300)",
    )
    report.add_argument(
        "--max-bytes", metavar="BYTES", type=argument_type(size), default=2_000_000, help="size of the page (2000000)"
    )


def _add_serve(verbs: Any) -> None:  # noqa: ANN401
    serve = _add_verb(verbs, "serve", "show the report and search all articles in a browser, live")
    _add_tables(serve)
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1: this machine alone)")
    serve.add_argument("--port", type=argument_type(port), default=8765, help="port to listen on (8765); 0: any")


def _add_compact(verbs: Any) -> None:  # noqa: ANN401
    compact = _add_verb(verbs, "compact", "make few files of many, and remove every version of what was killed")
    _add_tables(compact)
    compact.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
    compact.add_argument(
        "--drop-superseded", action="store_true", help="remove all versions of an article but its newest, too"
    )
    compact.add_argument(
        "--target-size",
        type=argument_type(size),
        default=64 << 20,
        metavar="BYTES",
        help="what a file may hold, unpacked; memory needed is some times as much (64M)",
    )
    _add_manners(compact)


def _add_manners(verb: argparse.ArgumentParser) -> None:
    """Flags of commands that change tables, as `ingest` has them."""
    verb.add_argument(
        "--lock-wait",
        type=argument_type(seconds),
        default=0.0,
        metavar="SECONDS",
        help="wait so long for a run that uses the same tables (0)",
    )
    verb.add_argument("--quiet", action="store_true", help="no progress and no summary, only errors")
    verb.add_argument("--json-summary", action="store_true", help="print the summary as one JSON object")


_STREAM_USAGE: Final = """\
newsbeam stream INPUT... --output DIR --runner=FlinkRunner --flink_master=HOST:PORT [OPTION...]
       newsbeam stream --output DIR --stop --flink_master=HOST:PORT"""

_STREAM: Final = """\
Poll feeds and watch directories without end, on a Flink cluster, and add what
is new to the tables in one commit a window. deploy/flink/up starts a cluster
and prints its flags; docs/streaming.md has the rest.

SIGTERM and Ctrl-C stop it once all it has seen is committed, and so does
--stop from elsewhere.
"""


def _add_stream(verbs: Any) -> None:  # noqa: ANN401
    stream = _add_settable(verbs, "stream", "read wires as they come, on a cluster", StreamOptions)
    stream.usage, stream.description = _STREAM_USAGE, _STREAM
    group = stream.add_argument_group("the job")
    one = group.add_mutually_exclusive_group()
    for name, text in (
        ("--detach", "submit the job and return"),
        ("--attach", "follow the stream where it runs with these options already; else start it anew"),
        ("--stop", "stop the stream once all it has seen is committed"),
        ("--savepoint", "stop the stream at once and print its savepoint"),
    ):
        one.add_argument(name, action="store_true", default=False, help=text)
    group.add_argument(
        "--from-savepoint", metavar="PATH", default=None, help="go on from a savepoint or a retained checkpoint"
    )


def _add_ingest(verbs: Any) -> None:  # noqa: ANN401
    ingest = _add_settable(verbs, "ingest", "read wires and add what is new to the tables", IngestOptions)
    ingest.usage, ingest.description, ingest.epilog = _INGEST_USAGE, _INGEST, _INGEST_EPILOG


def _add_settable(verbs: Any, name: str, text: str, options: type[IngestOptions]) -> argparse.ArgumentParser:  # noqa: ANN401
    """A command with inputs, an output and all that can be set of its options."""
    verb: argparse.ArgumentParser = verbs.add_parser(
        name,
        help=text,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        argument_default=argparse.SUPPRESS,
        allow_abbrev=False,
    )
    used = {"input", "output", *(field.metadata["group"] for field in options.settable().values())}
    groups = {group: verb.add_argument_group(group) for group in GROUPS if group in used}
    groups["input"].add_argument(
        "inputs", metavar="INPUT", nargs="*", help="file, directory, glob, feed URL, OPML file, gs:// or s3:// pattern"
    )
    groups["input"].add_argument("--config", metavar="FILE", type=Path, help="TOML file with options, see below")
    groups["output"].add_argument(
        "--output",
        metavar="DIR",
        type=argument_type(directory),
        help="directory of the tables, made if it is not there, or s3://BUCKET/FOLDER, gs://BUCKET/FOLDER",
    )
    for key, field in options.settable().items():
        option = f"--{key.replace('_', '-')}"
        group = groups[field.metadata["group"]]
        if isinstance(field.default, bool):
            group.add_argument(option, action="store_true", help=field.metadata["help"])
        else:
            group.add_argument(
                option,
                type=argument_type(field.metadata["parse"]),
                metavar=field.metadata["metavar"],
                help=field.metadata["help"],
            )
    return verb

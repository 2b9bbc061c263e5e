"""Flags that are Beam's: which they are, and which of them newsbeam refuses because rows would be lost."""

import argparse
from collections.abc import Sequence
from typing import Final

from apache_beam.options.pipeline_options import DirectOptions, PipelineOptions, StandardOptions

from pipelines.options import UsageError

LOCAL: Final = ("--runner=FnApiRunner", "--direct_running_mode=in_memory", "--direct_num_workers=1")
"""How a local run is always run: the one mode of Beam's local runners that loses nothing."""

_RUNNERS: Final = {
    "DirectRunner": "the DirectRunner hands the pipeline to Prism, which it downloads at run time",
    "SwitchingDirectRunner": "it hands the pipeline to Prism, which it downloads at run time",
    "BundleBasedDirectRunner": "its GroupIntoBatches lost 28 of 60 elements and the run still ended as DONE",
    "InteractiveRunner": "it keeps every intermediate collection in memory",
}
_MODES: Final = {
    "multi_threading": "with a GroupByKey it was seen to lose rows and end as DONE all the same",
    "multi_processing": "it was not shown to keep every row",
}


def split_flags(arguments: Sequence[str]) -> tuple[tuple[str, ...], list[str]]:
    """Take the flags that Beam knows out of the arguments: those flags, and what is left."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, conflict_handler="resolve")
    for options in _all_subclasses(PipelineOptions):
        # The way Beam's own options classes declare their flags.
        if "_add_argparse_args" in vars(options):
            options._add_argparse_args(parser)  # type: ignore[arg-type]  # noqa: SLF001
    taken: list[str] = []
    left = list(arguments)
    for index in range(len(arguments) - 1, -1, -1):
        if arguments[index].startswith("--"):
            _, unknown = parser.parse_known_args(arguments[index:])
            own = len(arguments[index:]) - len(unknown) - len(taken)
            if own > 0:
                taken[:0] = arguments[index : index + own]
                del left[index : index + own]
    return tuple(taken), left


def _all_subclasses(cls: type[PipelineOptions]) -> list[type[PipelineOptions]]:
    return [found for child in cls.__subclasses__() for found in (child, *_all_subclasses(child))]


def local_options(flags: Sequence[str]) -> PipelineOptions:
    """Options of a local run with the user's flags; raises `UsageError` for a flag that would lose rows."""
    given = PipelineOptions(list(flags))
    standard, direct = given.view_as(StandardOptions), given.view_as(DirectOptions)
    runner = (standard.runner or "FnApiRunner").rpartition(".")[2]
    if runner != "FnApiRunner":
        reason = _RUNNERS.get(runner, "newsbeam commits on the machine it runs on, so far")
        raise UsageError(f"--runner={runner} is refused: {reason}. Leave the flag out: the local run is safe.")
    if "direct_running_mode" in given.get_all_options(drop_default=True) and direct.direct_running_mode != "in_memory":
        reason = _MODES.get(direct.direct_running_mode, "unknown mode")
        raise UsageError(
            f"--direct_running_mode={direct.direct_running_mode} is refused: {reason}. Leave the flag out."
        )
    if "direct_num_workers" in given.get_all_options(drop_default=True) and direct.direct_num_workers != 1:
        raise UsageError(
            f"--direct_num_workers={direct.direct_num_workers} is refused: several workers need a running mode that "
            "loses rows. Leave the flag out."
        )
    if standard.streaming:
        raise UsageError("--streaming is refused: on the local runner windows close only at the end of the input.")
    return PipelineOptions([*flags, *LOCAL])

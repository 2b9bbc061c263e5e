"""Flags that are Beam's: which they are, and which of them newsbeam refuses because rows would be lost."""

import argparse
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Final

from apache_beam.options.pipeline_options import DirectOptions, PipelineOptions, PortableOptions, StandardOptions

from pipelines.options import UsageError

LOCAL: Final = ("--runner=FnApiRunner", "--direct_running_mode=in_memory", "--direct_num_workers=1")
"""How a local run is always run: the one mode of Beam's local runners that loses nothing."""

DATAFLOW: Final = "DataflowRunner"
_DATAFLOW_NEEDS: Final = ("project", "region", "temp_location", "sdk_container_image")
"""Flags without which Dataflow has no place to run, and its workers no newsbeam."""
_DATAFLOW: Final = (
    # Workers run the image as it is; else the SDK would be uploaded and installed at each start.
    "--sdk_location=container",
    # Functions are found in the image by their modules; Beam would send this process's main module along.
    "--no_save_main_session",
    # What is installed is in the image, by digests; a list of it need not be staged beside each job.
    "--experiments=disable_logging_submission_environment",
)

_RUNNERS: Final = {
    "DirectRunner": "it hands the pipeline to Prism, which it downloads at run time",
    "SwitchingDirectRunner": "it hands the pipeline to Prism, which it downloads at run time",
    "PrismRunner": "it gave the same tables, slower and with more memory (docs/performance.md)",
    "BundleBasedDirectRunner": "its GroupIntoBatches lost 28 of 60 elements and the run still ended as DONE",
    "PortableRunner": "it does not say which engine it stands for",
    "InteractiveRunner": "it keeps every intermediate collection in memory",
}
_MODES: Final = {
    "multi_threading": "with a GroupByKey it was seen to lose rows and end as DONE all the same",
    "multi_processing": "it was not shown to keep every row",
}
_WORKERS: Final = {
    "EXTERNAL": "",
    "DOCKER": "",
    "PROCESS": "",
    "LOOPBACK": "is refused: all work would be done in this one process, whatever the cluster",
    None: "is not said: Beam would start containers without newsbeam",
}
"""What is wrong with each kind of worker."""
_UNKNOWN_WORKERS: Final = "is no kind of worker"


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


def checked_options(flags: Sequence[str]) -> PipelineOptions:
    """Options of a run with the user's flags; raises `UsageError` for a flag that would lose rows or do nothing."""
    given = PipelineOptions(list(flags))
    standard = given.view_as(StandardOptions)
    runner = (standard.runner or "FnApiRunner").rpartition(".")[2]
    if standard.streaming:
        raise UsageError("--streaming is refused: ingest reads what is there and ends.")
    if runner == "FlinkRunner":
        return _flink_options(given, flags)
    if runner == DATAFLOW:
        return _dataflow_options(given, flags)
    if runner != "FnApiRunner":
        reason = _RUNNERS.get(runner, "no run on it was ever compared with a local one")
        raise UsageError(
            f"--runner={runner} is refused: {reason}. Leave the flag out, which is safe, or take FlinkRunner."
        )
    return _local_options(given, flags)


def _local_options(given: PipelineOptions, flags: Sequence[str]) -> PipelineOptions:
    direct, named = given.view_as(DirectOptions), given.get_all_options(drop_default=True)
    if "direct_running_mode" in named and direct.direct_running_mode != "in_memory":
        reason = _MODES.get(direct.direct_running_mode, "unknown mode")
        raise UsageError(
            f"--direct_running_mode={direct.direct_running_mode} is refused: {reason}. Leave the flag out."
        )
    if "direct_num_workers" in named and direct.direct_num_workers != 1:
        raise UsageError(
            f"--direct_num_workers={direct.direct_num_workers} is refused: several workers need a running mode that "
            "loses rows. Leave the flag out."
        )
    for name in ("job_endpoint", "parallelism"):
        if name in named:
            raise UsageError(f"--{name} is for a cluster: name it with --runner=FlinkRunner, or leave the flag out.")
    return PipelineOptions([*flags, *LOCAL])


def _dataflow_options(given: PipelineOptions, flags: Sequence[str]) -> PipelineOptions:
    named = given.get_all_options(drop_default=True)
    missing = [name for name in _DATAFLOW_NEEDS if not named.get(name)]
    if missing:
        raise UsageError(f"--runner={DATAFLOW} needs {', '.join(f'--{name}' for name in missing)} (docs/deploying.md)")
    if find_spec("apitools") is None:
        raise UsageError(f"--runner={DATAFLOW} needs apache-beam[gcp]: requirements/dataflow.lock has it")
    return PipelineOptions([*flags, *_DATAFLOW])


def _flink_options(given: PipelineOptions, flags: Sequence[str]) -> PipelineOptions:
    portable, named = given.view_as(PortableOptions), given.get_all_options(drop_default=True)
    if not portable.job_endpoint:
        raise UsageError(
            "--runner=FlinkRunner needs --job_endpoint=HOST:PORT, where a Beam job server listens: Beam would download "
            "one and start it. deploy/flink/up starts a cluster that has one, and prints its flags."
        )
    if named.get("flink_submit_uber_jar"):
        raise UsageError("--flink_submit_uber_jar is refused: jobs go through the job server at --job_endpoint.")
    if named.get("parallelism", 1) < 1:
        raise UsageError(f"--parallelism={named['parallelism']} is no number of workers: give 1 or more.")
    if reason := _WORKERS.get(portable.environment_type, _UNKNOWN_WORKERS):
        kind = f"--environment_type={portable.environment_type}" if portable.environment_type else "--environment_type"
        raise UsageError(f"{kind} {reason}. Take EXTERNAL, a pool of workers that has newsbeam installed.")
    if not portable.environment_config:
        raise UsageError(
            f"--environment_type={portable.environment_type} needs --environment_config, which says where its workers "
            "are: HOST:PORT of the pool for EXTERNAL, an image for DOCKER, a command for PROCESS."
        )
    return PipelineOptions(list(flags))

"""Exit statuses of all commands."""

from typing import Final

EXIT_OK: Final = 0
EXIT_FAILED: Final = 1
"""The run failed; the tables are as they were."""
EXIT_USAGE: Final = 2
EXIT_REJECTS: Final = 3
"""Finished, but more was rejected than `--max-reject-rate` allows."""

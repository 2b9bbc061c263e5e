"""Manifests as tests need them."""

from typing import Any

from sinks.manifest import LEDGER, Manifest


def blank(sequence: int, run_id: str, **fields: Any) -> Manifest:
    """A run that took two seconds and did nothing but what `fields` say."""
    nothing: dict[str, Any] = {
        "started_at": "2026-03-05T12:00:00+00:00",
        "finished_at": "2026-03-05T12:00:02+00:00",
        "newsbeam_version": "0",
        "schema_version": 1,
        "totals": dict.fromkeys(LEDGER, 0),
        "sources": {},
        "rejects_by_reason": {},
        "released": {},
        "files": (),
        "removed": (),
        "state": (),
    }
    return Manifest(sequence=sequence, run_id=run_id, **(nothing | fields))

"""Which files of a watched place are to be read: those that came or changed, and are written to no more."""

import dataclasses
from collections.abc import Mapping


@dataclasses.dataclass(frozen=True, slots=True)
class Sighting:
    """A file as it was seen last: bytes, time of its last change in nanoseconds, and whether it was read as it is."""

    size: int
    changed: int
    taken: bool = False


def look(
    before: Mapping[str, Sighting], found: Mapping[str, Sighting], now: int, settle: int, limit: int
) -> tuple[dict[str, Sighting], list[str]]:
    """Compare what is there with what was there: the state for the next look, and the names to read now.

    A file is read when it is as it was at the last look and its last change is at least `settle` nanoseconds
    past, so one that is still being written waits. At most `limit` bytes are read, but one file always; the
    rest comes with the next look. What is gone is forgotten.
    """
    state = {name: _seen(file, before.get(name)) for name, file in found.items()}
    settled = [
        name
        for name, file in state.items()
        if not file.taken and now - file.changed >= settle and (settle == 0 or before.get(name) == file)
    ]
    names: list[str] = []
    room = limit
    for name in sorted(settled, key=lambda name: (state[name].changed, name)):
        if names and state[name].size > room:
            break
        room -= state[name].size
        names.append(name)
        state[name] = dataclasses.replace(state[name], taken=True)
    return state, names


def _seen(file: Sighting, before: Sighting | None) -> Sighting:
    """The file, taken where it was and has not changed."""
    taken = before is not None and before.taken and (before.size, before.changed) == (file.size, file.changed)
    return dataclasses.replace(file, taken=taken)

"""One story id for all that belongs together: versions, updates, extensions and duplicates."""

from collections.abc import Iterable, Mapping


def join_stories(links: Iterable[tuple[bytes, bytes]], committed: Mapping[bytes, bytes]) -> dict[bytes, bytes]:
    """The story of each article id that a link names.

    A link says that the first id's story is the second's; links come in the order of the texts, ids linked
    to nothing earlier name the story. `committed` are stories already told, in the order of the commits: a
    story that has one keeps it, the earliest where there are several.
    """
    parent: dict[bytes, bytes] = {}
    rank = {key: place for place, key in enumerate(committed)}

    def find(key: bytes) -> bytes:
        root = key
        while (above := parent.setdefault(root, root)) != root:
            root = above
        while parent[key] != root:
            parent[key], key = root, parent[key]
        return root

    for later, earlier in links:
        one, other = find(earlier), find(later)
        if one == other:
            continue
        if rank.get(other, len(rank)) < rank.get(one, len(rank)):
            one, other = other, one
        parent[other] = one
    return {key: committed.get(root, root) for key in list(parent) if (root := find(key))}

"""One story id for all that belongs together: versions, updates, extensions and duplicates."""

from collections.abc import Iterable, Mapping


def join_stories(links: Iterable[tuple[bytes, bytes]], committed: Mapping[bytes, bytes]) -> dict[bytes, bytes]:
    """The story of each new article id that a link names.

    A link says that the first id's story is the second's; links come in the order of the texts, ids linked
    to nothing earlier name the story. `committed` are the stories of committed ids, in the order of the commits:
    these stay, so such an id takes none from another and brings no two together. Texts that follow several
    take the story of the one committed first.
    """
    parent: dict[bytes, bytes] = {}
    told: dict[bytes, bytes] = {}
    rank = {key: place for place, key in enumerate(committed)}

    def find(key: bytes) -> bytes:
        root = key
        while (above := parent.setdefault(root, root)) != root:
            root = above
        while parent[key] != root:
            parent[key], key = root, parent[key]
        return root

    for later, earlier in links:
        if later in committed:
            continue
        one, follows = find(later), [earlier] if earlier in committed else []
        if not follows and (other := find(earlier)) != one:
            parent[one] = other
            one, follows = other, [told.pop(key) for key in (one, other) if key in told]
        if follows:
            told[one] = min([*follows, told.get(one, follows[0])], key=rank.__getitem__)
    return {key: committed[told[root]] if (root := find(key)) in told else root for key in list(parent)}

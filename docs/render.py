"""Render the pages that follow from code: `python docs/render.py`, or with `--check` only compare them."""

import sys
from pathlib import Path

from screenshot import svg

from sinks import contract
from sources.reasons import REASONS as SOURCE_REASONS
from transforms.reasons import REASONS as TRANSFORM_REASONS

ROOT = Path(__file__).parents[1]


def pages() -> dict[Path, str]:
    """Each generated page and what should be in it."""
    return {
        ROOT / contract.PAGE: contract.render({**SOURCE_REASONS, **TRANSFORM_REASONS}),
        ROOT / "docs/inspect.svg": svg("inspect", "examples/wires/summit.txt"),
    }


def main() -> int:
    """Write or compare; 1 where a page is out of step."""
    stale = [path for path, text in pages().items() if not path.exists() or path.read_text("utf-8") != text]
    if "--check" in sys.argv[1:]:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is out of step with the code: run `make docs`")
        return 1 if stale else 0
    for path in stale:
        path.write_text(pages()[path], "utf-8")
        print(f"{path.relative_to(ROOT)} rendered")
    return 0


if __name__ == "__main__":
    sys.exit(main())

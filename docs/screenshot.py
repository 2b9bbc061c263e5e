"""What a command shows in a terminal, as an SVG picture that loads nothing."""

import io
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.text import Text

ROOT: Final = Path(__file__).parents[1]
COLUMNS: Final = 100
_FONT_FACE: Final = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
"""Fonts from elsewhere: who looks at the picture would have to ask a third party for them."""


def svg(*arguments: str) -> str:
    """A picture of a terminal in which `newsbeam` was run with these arguments, in the project's folder."""
    terminal = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "FORCE_COLOR": "1", "COLUMNS": str(COLUMNS)}
    environment = {**os.environ, **terminal}
    environment.pop("NO_COLOR", None)
    command = [sys.executable, "-m", "pipelines.cli", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True, text=True)  # noqa: S603
    # Where the project lies differs from machine to machine, and is nobody's business; nor is how far it pads a column.
    console = Console(record=True, width=COLUMNS, file=io.StringIO())
    for line in Text.from_ansi(done.stdout.replace(f"{ROOT}/", "")).split("\n", allow_blank=True):
        line.rstrip()
        console.print(line)
    return _FONT_FACE.sub("", console.export_svg(title=f"newsbeam {' '.join(arguments)}", unique_id="newsbeam"))

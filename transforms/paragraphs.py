"""Lines to paragraphs: blanks tidied, lines that were broken to fit a screen or a teleprinter joined."""

import re

NARROWEST, WIDEST = 45, 100
"""Columns between which a text counts as hard-wrapped: teleprinters 60 to 72, mail 65 to 78, terminals 80.
A line beyond them is a paragraph, whatever stands around it."""

_SLACK = 6
"""Columns a full line may still have had room for: teletypes broke early before figures and names."""

_INDENT = 3
"""Blanks that open a paragraph where no blank line stands (IPTC 7901 and ANPA wires use four)."""

_COLUMN_GAP = "   "
"""Blanks between the columns of a table; two are no more than a typist's habit after a full stop."""

_OTHER_BLANKS = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_BLANK_RUN = re.compile("  +")
_BLANK_LINES = re.compile(r"\n\n\n+")
_MARKER = re.compile(r"(?:[-*•·–—○●▪■►>|+]|\(?[0-9]{1,3}[.)]|\(?[A-Za-z][.)]) ")
_SENTENCE_END = re.compile(r"[.!?:;。！？：；…][\"'”’»)\]」』]{0,3}$")
_CJK = re.compile("[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7af\uf900-\ufaff\uff00-\uff60\U00020000-\U0003ffff]")
_UNSPACED_CJK = re.compile("[\u2e80-\ua4cf\uf900-\ufaff\uff00-\uff60\U00020000-\U0003ffff]")


def tidy(text: str) -> str:
    r"""Give `text` as paragraphs parted by one blank line, with single blanks and no hard wraps.

    A line break inside a paragraph stays where lines mean something: tables, lists, verse. It goes
    where the line was full, so that the next word had no room left (the test is greedy filling at the
    text's own width). Adjacent rows with columns keep the gaps between these. Idempotent.

    >>> tidy("Shr 24 cts\n    Net 412,737\n    Revs\t605,321  \n")
    'Shr 24 cts\nNet 412,737\nRevs 605,321'
    """
    text = _OTHER_BLANKS.sub(" ", text) if not text.isascii() else text
    text = text.expandtabs(8) if "\t" in text else text
    if "\n" not in text:
        return _BLANK_RUN.sub(" ", text).strip()
    lines = _open_indented([line.rstrip() for line in text.split("\n")])
    while True:
        joined = _squeeze(_join(lines))
        if joined == lines:
            return "\n".join(joined)
        lines = joined


def one_line(text: str) -> str:
    r"""Put a title on one line.

    >>> one_line(" Rain in\n\n Oslo ")
    'Rain in Oslo'
    """
    return _BLANK_RUN.sub(" ", _OTHER_BLANKS.sub(" ", text).translate({9: " ", 10: " "})).strip()


def _squeeze(lines: list[str]) -> list[str]:
    """Collapse blanks, but for the gaps of adjacent rows, and blank lines."""
    stripped = [line.strip() for line in lines]
    if not any("  " in line for line in stripped):
        return _BLANK_LINES.sub("\n\n", "\n".join(stripped).strip("\n")).split("\n")
    gaps = [_COLUMN_GAP in line for line in stripped]
    squeezed = [
        line if gaps[index] and (gaps[index - 1 : index] == [True] or gaps[index + 1 : index + 2] == [True])
        else _BLANK_RUN.sub(" ", line)
        for index, line in enumerate(stripped)
    ]  # fmt: skip
    return _BLANK_LINES.sub("\n\n", "\n".join(squeezed).strip("\n")).split("\n")


def _open_indented(lines: list[str]) -> list[str]:
    """Put the blank line in that an indented first line stands for, except between short rows."""
    depths = [len(line) - len(line.lstrip(" ")) for line in lines]
    base = min((depth for depth, line in zip(depths, lines, strict=True) if line), default=0)
    opens = [depth - base >= _INDENT for depth in depths]
    opened = lines[:1]
    for index in range(1, len(lines)):
        if opens[index] and not _are_rows(lines, opens, index):
            opened.append("")
        opened.append(lines[index])
    return opened


def _are_rows(lines: list[str], opens: list[bool], index: int) -> bool:
    """Tell whether an indented line and the one before are rows: single lines, the first no sentence."""
    before = lines[index - 1]
    alone_before = index == 1 or opens[index - 1] or not lines[index - 2]
    alone = index + 1 == len(lines) or opens[index + 1] or not lines[index + 1]
    return bool(before) and alone_before and alone and not _SENTENCE_END.search(before[-5:])


def _join(lines: list[str]) -> list[str]:
    """Join full lines where the whole text is hard-wrapped; part lines that are paragraphs.

    Takes lines with their indents, which count for the width they fill.
    """
    width = max((len(line) for line in lines if " " in line), default=0)
    wrapped = NARROWEST <= width <= WIDEST
    joined = [[lines[0]]]
    for index in range(1, len(lines)):
        before, line = lines[index - 1], lines[index]
        if wrapped and before and line and _is_wrap(lines, index, width):
            if not (_UNSPACED_CJK.match(before[-1]) and _UNSPACED_CJK.match(line.lstrip())):
                joined[-1].append(" ")
            joined[-1].append(line.lstrip())
            continue
        if before and line and (_stands_alone(before) or _stands_alone(line)):
            joined.append([])
        joined.append([line])
    return ["".join(parts) for parts in joined]


def _stands_alone(line: str) -> bool:
    return len(line) > (WIDEST // 2 if _CJK.search(line[:20]) else WIDEST)


def _is_wrap(lines: list[str], index: int, width: int) -> bool:
    before, line = lines[index - 1], lines[index].lstrip()
    last = index + 1 == len(lines) or not lines[index + 1]
    full = _is_full(before, line, width)
    # A line cut short in mid-sentence: its head went into a field of its own, as datelines do.
    cut = not full and line[0].islower() and (last or _is_full(lines[index], lines[index + 1], width))
    if not (full or cut) or _MARKER.match(line) or (_COLUMN_GAP in line and _COLUMN_GAP in before.lstrip()):
        return False
    ends = bool(_SENTENCE_END.search(before[-5:]))
    # An end mark or a signature under the last sentence is no part of it.
    return not ends or (full and not (last and " " not in line))


def _is_full(line: str, following: str, width: int) -> bool:
    """Tell whether the first word of the following line had no room left."""
    following = following.lstrip()
    word = 1 if _UNSPACED_CJK.match(following) else len(following.partition(" ")[0])
    return len(line) + 1 + word > width - _SLACK

"""A string's words and its shape, by way of tables of bytes: far cheaper than a pattern's walk over every letter."""

import re

WORD = re.compile(r"\w+(?:[’'](?=\w)\w+)?")
NOT_ASCII = re.compile(r"[^\0-\x7f]")
LOOSE = {mark: re.compile(rf"{mark}(?:(?<!\w.)|(?!\w))") for mark in "'’"}
SECOND = {mark: re.compile(rf"({mark}\w+){mark}") for mark in "'’"}
"""Apostrophes that are in no word, and those that end one because it has one already."""
MOST_MARKS = 24
"""Marks beyond ASCII that are blanked one by one; more are no prose."""
BLANKED = bytes(code if code > 127 or chr(code).isalnum() or chr(code) in "_'" else 32 for code in range(256))
"""For bytes.translate: every ASCII character that stands in no word becomes a blank."""
UNMARKED = bytes(code for code in range(128) if chr(code).isalnum() or chr(code) == " ")
FILLER = re.compile(r"[\W_]+")
FILLERS = bytes(code for code in range(128) if not chr(code).isalnum())
SHAPES = bytes(
    ord("0") if 48 <= code < 58 else ord("A") if 65 <= code < 91 else ord("a") if 97 <= code < 123 else code
    for code in range(256)
)


def find_exotic(string: str) -> str:
    """The distinct characters that are not ASCII; "" for most English texts."""
    return "" if string.isascii() else "".join(set(NOT_ASCII.findall(string)))


def find_marks(string: str) -> str:
    """The distinct characters of ASCII that are neither letter nor digit nor blank.

    >>> sorted(find_marks("It's 5 (or 6)"))
    ["'", '(', ')']
    """
    return "".join(set(string.encode("ascii", "ignore").translate(None, UNMARKED).decode()))


def split_words(string: str, exotic: str) -> list[str]:
    """What WORD finds: marks become blanks, and the string is split there. `exotic` is what find_exotic says.

    >>> split_words("It's the dogs' “F-35” (a 'must')", "“”")
    ["It's", 'the', 'dogs', 'F', '35', 'a', 'must']
    """
    marks = [mark for mark in exotic if not mark.isalnum() and mark != "’"]
    apostrophes = [mark for mark in "'’" if mark in string]
    if len(marks) > MOST_MARKS or len(apostrophes) > 1:
        return WORD.findall(string)
    for mark in marks:
        string = string.replace(mark, " ")
    for mark in apostrophes:
        string = SECOND[mark].sub(r"\1 ", LOOSE[mark].sub(" ", string))
    return string.encode().translate(BLANKED).decode().split()


def fold(string: str) -> str:
    """Letters and digits alone, in one case.

    >>> fold("Talks end, again!")
    'talksendagain'
    """
    if string.isascii():
        return string.encode().translate(None, FILLERS).decode().lower()
    return FILLER.sub("", string).casefold()


def draw_shape(string: str) -> bytes:
    """The string with "a" for every small letter of ASCII, "A" for a capital, "0" for a digit: a byte a character.

    For cheap guards. What Latin-1 lacks is "?" here, curly quotation marks among it.

    >>> draw_shape("On the 13th: “No”")
    b'Aa aaa 00aa: ?Aa?'
    """
    return string.encode("latin-1", "replace").translate(SHAPES)

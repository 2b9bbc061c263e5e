"""How a check says what it found."""


class FileError(Exception):
    """What is wrong with a file, and where."""


class UncheckedError(Exception):
    """The program that would tell is not on this machine."""

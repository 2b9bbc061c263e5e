"""Sign-offs in initials: `bur-abc/xyz`, `dpa jro yyzz n1 mmu`."""

import re
from collections.abc import Iterator

from articles import Credit

_INITIALS = re.compile(
    r"^[(\[]?[-/]?(?P<groups>[a-z]{2,4}(?:-[a-z]{2,4}){0,5}(?:/[a-z]{2,4}(?:-[a-z]{2,4}){0,5}){1,3}|(?<=-)[a-z]{2,4})[)\]]?$"
)
_DESKS = frozenset({"bur", "burs", "str"})
_NO_INITIALS = frozenset({"and/or", "und/oder", "he/she", "his/her", "et/ou", "y/o", "e/ou", "she/her", "he/him"})
# "dpa jro yyzz n1 mmu": the writers, the bureau, the service, the editors.
_DPA = re.compile(
    r"dpa(?:-\w{2,12})?(?P<writers>(?:\s[a-z]{2,4}){1,4}?)\syy[a-z]{2}\s[a-z]\d(?P<editors>(?:\s[a-z]{2,4}){0,4})$"
)


def find(line: str, start: int) -> Iterator[Credit]:
    """Yield the initials that AFP and dpa sign with: writers before the slash or the bureau, editors after it.

    >>> [(credit.role, credit.code) for credit in find("bur-abc/xyz", 0)]
    [('reporter', 'abc'), ('editor', 'xyz')]
    >>> [(credit.role, credit.code) for credit in find("dpa jro yyzz n1 mmu", 0)], list(find("and/or", 0))
    ([('reporter', 'jro'), ('editor', 'mmu')], [])
    """
    signed = _DPA.match(line)
    if signed is not None:
        for role, part in (("reporter", "writers"), ("editor", "editors")):
            for code in re.finditer(r"[a-z]+", signed[part]):
                at = start + signed.start(part) + code.start()
                yield Credit(role, None, code[0], at, at + len(code[0]))
    found = _INITIALS.match(line) if line not in _NO_INITIALS else None
    if found is None:
        return
    for number, group in enumerate(re.finditer(r"[^/]+", found["groups"])):
        for code in re.finditer(r"[a-z]+", group[0]):
            if not number and code[0] in _DESKS:
                continue
            at = start + found.start("groups") + group.start() + code.start()
            yield Credit("editor" if number else "reporter", None, code[0], at, at + len(code[0]))

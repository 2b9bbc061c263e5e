"""What the place of a dateline looks like: by its shape, for no list has every town."""

import re

from transforms.editorial import vocabulary

_NOT_PLACES = vocabulary.words("not_places.txt")
_OPENERS = vocabulary.words("openers.txt")
_SMALL = vocabulary.words("particles.txt") | vocabulary.words("place_particles.txt")
_CITIES = vocabulary.words("cities.txt")
_WORD = re.compile(r"[^\W\d_][^\s,/]*")
# Brackets belong to the place in "Frankfurt (Oder)" and "New Delhi [India]".
_QUALIFIER = re.compile(r"\s[(\[][^\W\d_][^()\[\]\d]{1,30}[)\]]$")
_SPOT = re.compile(r"(?:ON\sBOARD|(?:ON|IN|OVER|AT)\sTHE|AT\sSEA|OFF)\b")
_ALIEN = re.compile(r"[\d():;!?\"“”=<>]")


def is_place(text: str) -> bool:
    """Whether a text has the shape of a dateline's place: few words, capitals, no word of a sentence.

    >>> is_place("SAN JOSE, Calif."), is_place("Rio de Janeiro"), is_place("Halle (Saale)")
    (True, True, True)
    >>> is_place("The minister"), is_place("Am Montag")
    (False, False)
    """
    text = _QUALIFIER.sub("", text)
    words = _WORD.findall(text)
    if not words or len(words) > 9 or len(text) > 70 or text.count(",") > 3 or _ALIEN.search(text):
        return False
    the = (
        words[0].casefold() == "the"
        and (text.partition(",")[0].isupper() or len(words) <= 2)
        and words[-1][0].isupper()
    )
    named = the or _SPOT.match(text) is not None
    if (words[0].casefold() in _NOT_PLACES and not named) or not words[0][0].isupper():
        return False
    if words[0].casefold() in _OPENERS and not text.partition(",")[0].isupper():
        return False
    lower = [word for word in words if not word[0].isupper() and word.casefold().rstrip(".") not in _SMALL]
    return not lower or (len(lower) == 1 and len(words) == 2)


def is_lowered(text: str) -> bool:
    """Whether a text may be a place that a rendering wrote small ("Xinhua News Agency, new york, July 26")."""
    words = text.split()
    return 0 < len(words) <= 3 and all(word.isascii() and word.isalpha() and word not in _NOT_PLACES for word in words)


def is_city(text: str) -> bool:
    """Whether a place is written the way it stands alone before a dash: in capitals, a region after it."""
    city, _, region = text.partition(",")
    return (
        is_place(text)
        and city.isupper()
        and len(city) >= 4
        and len(city.split()) <= 4
        and not any(word.casefold() in _NOT_PLACES for word in _WORD.findall(city))
        and (not region or region.strip()[:1].isupper())
    )


def stands_alone(text: str) -> bool:
    """Whether a place needs neither date nor agency beside it: a known city, or any with its region.

    >>> stands_alone("HONG KONG"), stands_alone("AUGUSTA, Ga."), stands_alone("NASA")
    (True, True, False)
    """
    if not is_city(text):
        return False
    return "," in text or all(part.strip().casefold() in _CITIES for part in text.split("/"))

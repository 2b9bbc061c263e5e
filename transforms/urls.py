"""One form for every address of an article, so that the same page under two links is one page."""

import re
import unicodedata
from importlib import resources
from urllib.parse import unquote_plus, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

_PARAMETERS = [
    line
    for line in resources.files("transforms").joinpath("data/tracking_parameters.txt").read_text().splitlines()
    if line and not line.startswith("#")
]
_TRACKING = re.compile(
    "|".join(re.escape(name.removesuffix("*")) + (".*" if name.endswith("*") else "") for name in _PARAMETERS),
    re.IGNORECASE,
)
_DEFAULT_PORTS = {"http": 80, "https": 443}
_CANONICAL = re.compile(r"https?://[a-z0-9]+(?:[.-][a-z0-9]+)*(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*/?")
"""Addresses that are their own canonical form, as most are: nothing in them could be written otherwise."""

_LONGEST = 8192
"""Characters; no server takes longer addresses, and parsing them is work for nothing."""


def canonicalize(url: str | None) -> str | None:
    """Give the canonical form of an article's address, None for what is no web address.

    Scheme and host in lower case (IDNA for international names), no default port, no user name, no
    fragment but a `#!` route, no tracking parameters (data/tracking_parameters.txt), the others sorted,
    percent-encoding in capitals and only where needed. The scheme itself, `www.`, a trailing slash and
    empty parameters are kept: servers tell them apart. Never raises.

    >>> canonicalize("HTTP://Example.org:80/a%7eb?utm_source=x&b=2&a=1#top")
    'http://example.org/a~b?a=1&b=2'
    >>> canonicalize("urn:newsml:example.org:20260102:7") is None
    True
    """
    if not url or len(url) > _LONGEST:
        return None
    if _CANONICAL.fullmatch(url):
        return url if url.count("/") > 2 else f"{url}/"
    try:
        return _canonicalize(url)
    except (ValueError, UnicodeError, IndexError):
        return None


def _canonicalize(url: str) -> str | None:
    parts = urlsplit(url.strip())
    scheme = parts.scheme.lower()
    # A dot at the end names the root of all names: the host is the same, and nothing but dots is none.
    name = unicodedata.normalize("NFKC", parts.hostname or "").replace("\u3002", ".").rstrip(".")
    if scheme not in _DEFAULT_PORTS or not name or re.search(r"[\s\\<>\"%]", name):
        return None
    host = f"[{name}]" if ":" in name else name
    if parts.port not in {None, _DEFAULT_PORTS[scheme]}:
        host = f"{host}:{parts.port}"
    query = "&".join(
        pair for pair in parts.query.split("&") if not _TRACKING.fullmatch(unquote_plus(pair.partition("=")[0]))
    )
    routed = parts.fragment.startswith("!")
    plain = urlunsplit((scheme, host, parts.path or "/", query, parts.fragment if routed else ""))
    return str(canonicalize_url(plain, keep_fragments=routed))

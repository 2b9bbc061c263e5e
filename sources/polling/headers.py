"""What HTTP header values mean, and URLs with credentials in them."""

import base64
import datetime as dt
import email.utils
import re
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit

import requests
from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from sources.polling.errors import FetchError

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_MAX_AGE = re.compile(r"\bmax-age\s*=\s*\"?(\d{1,10})")
_SECONDS = re.compile(r"\d{1,10}")

MAX_URL = 8_192
"""Characters of a URL; RFC 9110 asks for support of 8,000."""


def http_date(value: str | None) -> dt.datetime | None:
    """Read an HTTP date of any of the three forms of RFC 9110, section 5.6.7; None for anything else."""
    try:
        when = email.utils.parsedate_to_datetime((value or "")[:64])
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
    try:
        return when.replace(tzinfo=dt.UTC) if when.tzinfo is None else when.astimezone(dt.UTC)
    except OverflowError:
        return None


def retry_after(value: str | None, now: dt.datetime) -> dt.timedelta | None:
    """How long to wait by a Retry-After header, in seconds or as a date; never negative.

    >>> retry_after("120", dt.datetime(2025, 1, 1, tzinfo=dt.UTC))
    datetime.timedelta(seconds=120)
    """
    text = (value or "").strip()
    if _SECONDS.fullmatch(text):
        return dt.timedelta(seconds=int(text))
    when = http_date(text) if text else None
    return max(when - now, dt.timedelta(0)) if when else None


def freshness(cache_control: str | None, expires: str | None, date: str | None, age: str | None) -> dt.timedelta | None:
    """For how long an answer is fresh: max-age less Age, else Expires less Date (RFC 9111, section 4.2.1).

    Both ends of Expires are on the server's clock, so that a wrong one does no harm. None where it isn't said.
    """
    if match := _MAX_AGE.search((cache_control or "").lower()):
        old = int(age) if age and _SECONDS.fullmatch(age.strip()) else 0
        return max(dt.timedelta(seconds=int(match[1]) - old), dt.timedelta(0))
    until, since = http_date(expires), http_date(date)
    return max(until - since, dt.timedelta(0)) if until and since else None


def license_link(value: str | None, base: str) -> str | None:
    """The target of the first `rel=license` in a Link header, absolute."""
    for link in requests.utils.parse_header_links((value or "")[:16_384]):
        if "license" in link.get("rel", "").lower().split():
            return web_url(link["url"], base)
    return None


def web_url(url: str, base: str = "") -> str | None:
    """`url`, which may be relative to `base`, where it is an http or https URL fit to be written down, else None."""
    try:
        absolute = urljoin(base, url.strip())
        split = urlsplit(absolute)
    except ValueError:
        return None
    fit = split.scheme in ("http", "https") and split.hostname and len(absolute) <= MAX_URL
    return public_url(absolute) if fit and absolute.isprintable() else None


def request_url(url: str, base: str | None = None) -> str:
    """Bring `url`, which may be relative to `base`, into the form that is sent: http or https, no fragment.

    Raises FetchError("bad-url") for everything that can't be fetched.
    """
    shown = public_url(url)[:200]
    if len(url) > MAX_URL or _CONTROL.search(url.strip()):
        raise FetchError("bad-url", f"{shown!r} is too long or holds control characters")
    try:
        parsed = parse_url(urljoin(base, url.strip()) if base else url.strip())
    except (LocationParseError, ValueError) as error:
        raise FetchError("bad-url", f"{shown!r} is not a URL") from error
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise FetchError("bad-url", f"{shown!r} is not an http or https URL")
    return parsed._replace(fragment=None).url


def host_of(url: str) -> str:
    """The host that politeness counts by, in lower case; empty where there is none.

    >>> host_of("https://user:pass@News.Example:8443/feed")
    'news.example'
    """
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def origin_of(url: str) -> str:
    """Scheme, host and port, as far as they are not the scheme's own.

    >>> origin_of("https://News.Example:443/feed")
    'https://news.example'
    """
    parsed = parse_url(url)
    port = "" if parsed.port in (None, {"http": 80, "https": 443}.get(parsed.scheme or "")) else f":{parsed.port}"
    return f"{parsed.scheme}://{parsed.host}{port}"


def public_url(url: str) -> str:
    """`url` without user name and password: the form for tables, messages and logs.

    >>> public_url("https://me:secret@news.example/feed?x=1")
    'https://news.example/feed?x=1'
    """
    scheme, mark, rest = url.partition("://")
    authority = re.split(r"[/?#\\]", rest, maxsplit=1)[0]
    if not mark or "@" not in authority:
        return url
    return f"{scheme}://{rest[authority.rindex('@') + 1 :]}"


def authorization(url: str) -> str | None:
    """The Basic credentials in `url` as a header value."""
    auth = parse_url(url).auth
    if not auth:
        return None
    return "Basic " + base64.b64encode(unquote(auth).encode()).decode("ascii")


def subscribed_url(url: str) -> str:
    """A feed's address as people write it down: `feed:` schemes resolved, blanks and fragment gone.

    >>> subscribed_url(" feed://news.example/rss#top ")
    'http://news.example/rss'
    >>> subscribed_url("feed:https://news.example/rss")
    'https://news.example/rss'
    """
    text = url.strip()
    if text[:5].lower() == "feed:":
        text = text[5:] if text[5:].lower().startswith(("http://", "https://")) else "http://" + text[5:].lstrip("/")
    try:
        return urlunsplit(urlsplit(text)._replace(fragment=""))
    except ValueError:
        return text

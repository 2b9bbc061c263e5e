"""The page an entry links to, fetched under the rules of robots.txt."""

import dataclasses
import datetime as dt

from sources.polling.client import Client
from sources.polling.errors import FetchError
from sources.polling.headers import host_of, license_link, public_url
from sources.polling.outcomes import status_error

ACCEPT = "text/html, application/xhtml+xml, */*;q=0.1"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A fetched page. `outcome` is `fetched`, and then there is a `payload`, or `error:<kind>`.

    `license_url` is where the page's host names machine-readable licence terms, for `rights`.
    """

    url: str
    outcome: str
    payload: bytes | None = None
    content_type: str | None = None
    final_url: str | None = None
    status: int | None = None
    message: str = ""
    license_url: str | None = None


def fetch_page(url: str, client: Client, now: dt.datetime) -> Page:
    """Fetch the article page at `url`, in the host's turn and only where robots.txt allows it, redirects too.

    Never raises for anything that names, servers or networks do.
    """

    def before(address: str) -> None:
        if until := client.hosts.left_alone_until(host_of(address), now):
            raise FetchError("rate-limited", f"{host_of(address)} asked to be left alone until {until:%H:%M:%S} UTC")
        client.robots.check(address, now)

    try:
        response = client.fetch(url, now, lambda _: {"Accept": ACCEPT}, before=before)
    except FetchError as error:
        return _failed(url, error)
    if response.status not in (200, 203):
        return _failed(url, status_error(response, now))
    if not response.body.strip():
        return _failed(url, FetchError("empty", "the body is empty", status=response.status))
    license_url = license_link(response.headers.get("Link"), response.url)
    return Page(
        url=public_url(url),
        outcome="fetched",
        payload=response.body,
        content_type=response.headers.get("Content-Type"),
        final_url=response.url,
        status=response.status,
        license_url=license_url or client.robots.rules(response.url, now).license_url,
    )


def _failed(url: str, error: FetchError) -> Page:
    return Page(url=public_url(url), outcome=f"error:{error.kind}", status=error.status, message=error.message)

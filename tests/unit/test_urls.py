import pytest

from transforms.urls import canonicalize


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTP://News.Example.org:80/a/../b?utm_source=x&id=7&fbclid=1#c", "http://news.example.org/b?id=7"),
        ("https://example.org", "https://example.org/"),
        ("https://example.org:443/?b=2&a=1", "https://example.org/?a=1&b=2"),
        ("https://example.org:8443/", "https://example.org:8443/"),
        ("https://user:secret@example.org/", "https://example.org/"),
        ("https://bücher.example/ä", "https://xn--bcher-kva.example/%C3%A4"),
        ("https://example.org/#!/story/1", "https://example.org/#!/story/1"),
        ("https://example.org/a%2Fb", "https://example.org/a%2Fb"),
        ("https://example.org/?ref=home&source=rss&id=1", "https://example.org/?id=1&ref=home&source=rss"),
        ("https://example.org/?UTM_Campaign=x", "https://example.org/"),
        ("https://example.org/?x=%E4&utm_medium=a", "https://example.org/?x=%E4"),
        ("https://[2001:db8::1]:8080/a", "https://[2001:db8::1]:8080/a"),
    ],
)
def test_one_form_for_one_page(url, canonical):
    assert canonicalize(url) == canonical
    assert canonicalize(canonical) == canonical


@pytest.mark.parametrize(
    "parted", [("http://example.org/a", "https://example.org/a"), ("https://example.org/a", "https://example.org/a/")]
)
def test_addresses_that_servers_tell_apart_stay_apart(parted):
    assert canonicalize(parted[0]) != canonicalize(parted[1])


@pytest.mark.parametrize(
    "url",
    [None, "", "urn:newsml:x", "//example.org/a", "mailto:a@example.org", "http://", "http://[::1", "http://x:99999/",
     "http://ex ample.org/", "javascript:alert(1)", "http://\udc80/", "https://x.org/" + "a" * 10_000],
)  # fmt: skip
def test_what_is_no_web_address_has_no_canonical_form(url):
    assert canonicalize(url) is None

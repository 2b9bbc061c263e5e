"""Which addresses a fetch may connect to: those of the public internet.

A feed's URL is input. Left alone it would let whoever writes it read the services of our own network, or a cloud's
metadata endpoint, through us.
"""

import ipaddress

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""Well-known prefix of RFC 6052: the last 32 bits are the IPv4 address a gateway will connect to."""

REFUSED = {
    ipaddress.ip_network(network): name
    for network, name in (
        ("100.64.0.0/10", "shared (carrier NAT)"),
        ("192.0.0.0/24", "reserved"),
        ("192.88.99.0/24", "6to4 relay"),
        ("::/96", "IPv4-compatible"),
        ("::ffff:0:0/96", "IPv4-mapped"),
        ("::ffff:0:0:0/96", "IPv4-translated"),
        ("64:ff9b:1::/48", "local NAT64"),
        ("100::/64", "discard-only"),
        ("2001::/23", "reserved (Teredo, ORCHID, benchmarking)"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4"),
        ("3fff::/20", "documentation"),
        ("5f00::/16", "segment routing"),
        ("fec0::/10", "site-local"),
    )
}
"""Networks named here because `ipaddress` of Python 3.11 lets some of them pass as global: the IANA special-purpose
registries, https://www.iana.org/assignments/iana-ipv6-special-registry."""


def refusal(address: str) -> str | None:
    """Why `address` must not be connected to; None where it may.

    >>> refusal("169.254.169.254")
    'link-local'
    >>> refusal("64:ff9b::7f00:1")
    'NAT64 of loopback'
    >>> refusal("93.184.215.14") is None
    True
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "not an IP address"
    if ip in NAT64:
        embedded = refusal(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
        return f"NAT64 of {embedded}" if embedded else None
    return _kind(ip)


def _kind(ip: IPAddress) -> str | None:
    kinds = {
        "loopback": ip.is_loopback,
        "link-local": ip.is_link_local,
        "multicast": ip.is_multicast,
        "unspecified": ip.is_unspecified,
    }
    for name, holds in kinds.items():
        if holds:
            return name
    for network, name in REFUSED.items():
        if ip in network:
            return name
    if ip.is_reserved:
        return "reserved"
    return None if ip.is_global else "private"

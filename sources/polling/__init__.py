"""The HTTP side of feeds, one idea a module and no Beam. `sources.feeds` is the door to it.

addresses    which addresses may be connected to
connections  sockets that keep to a deadline, a byte budget and that rule
decoding     gzip, deflate, brotli and zstd with a limit on what comes out
headers      Retry-After, freshness, licence links, credentials in URLs
client       one GET, and redirects followed one by one
hosts        at most so many requests at once to a host, so far apart
robots       robots.txt and the licence it names
contents     what a body says of itself before it is parsed
schedule     when to ask again, when to give up
rounds       many feeds at once
"""

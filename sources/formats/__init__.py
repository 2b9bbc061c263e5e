"""One parser a file: bytes and their origin in, articles out. No Beam."""

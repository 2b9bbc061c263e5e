"""Bytes in: files, archives and feeds, one parser a format."""

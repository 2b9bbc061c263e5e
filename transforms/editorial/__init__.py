"""Credits, datelines, bylines and original sources, read from the text."""

from transforms.editorial.annotate import annotate

__all__ = ["annotate"]

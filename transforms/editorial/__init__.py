"""Credits, datelines, bylines and original sources, read from the text."""

"""One detector a file: what machine translation and careless post-processing leave in a text."""

"""Where bytes are kept: local directories and object stores, behind one kind of path."""

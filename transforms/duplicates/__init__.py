"""Fingerprints of texts, and the decision which of equal texts is canonical."""

"""datasketch's MinHashLSH, each candidate checked on the whole signature: what its users do."""

import time
from collections.abc import Sequence

from datasketch import MinHash, MinHashLSH

from benchmarks.quality.duplicates_truth import shingles

PERMUTATIONS = 128


def find_pairs(texts: Sequence[Sequence[str]], threshold: float) -> tuple[set[tuple[int, int]], float]:
    """Pairs of texts, given as words, whose estimated Jaccard reaches the threshold, and the seconds it took."""
    start = time.process_time()
    found = set()
    index = MinHashLSH(threshold=threshold, num_perm=PERMUTATIONS)
    sketches = []
    for number, words in enumerate(texts):
        distinct = shingles(words)
        sketch = MinHash(num_perm=PERMUTATIONS)
        sketch.update_batch([" ".join(shingle).encode() for shingle in distinct])
        sketches.append(sketch)
        if distinct:
            for other in index.query(sketch):
                if sketch.jaccard(sketches[other]) >= threshold:
                    found.add((other, number))
            index.insert(number, sketch)
    return found, time.process_time() - start

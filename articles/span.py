"""What a detector yields."""

import dataclasses


@dataclasses.dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of code points in the text a detector was given.

    `suggestion` is what should stand there, None where no replacement is safe; `confidence` in 0…1.
    """

    start: int
    end: int
    suggestion: str | None = None
    confidence: float = 1.0

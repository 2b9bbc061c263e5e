"""Why a transform rejects an article: the closed set of codes, each with the sentence docs show."""

REASONS = {
    "no-text": "Neither title nor body holds any text once markup, control characters and blanks are gone.",
}

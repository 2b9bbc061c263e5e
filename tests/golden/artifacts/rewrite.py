"""Write what is tagged today into the golden cases: python tests/golden/artifacts/rewrite.py; then review the diff."""

import json
from pathlib import Path
from typing import Any

from articles import Article
from transforms.artifacts import tag


def tags_of(case: dict[str, Any]) -> list[dict[str, Any]]:
    """Every tag of a case's article, as the golden files keep them."""
    article = Article(title=case["title"], body=case["body"], language=case["language"])
    return [
        {"kind": a.kind, "field": a.field, "start": a.start, "text": a.text, "suggestion": a.suggestion}
        for a in tag(article).artifacts
    ]


def main() -> None:
    """Rewrite every file beside this one."""
    for path in sorted(Path(__file__).parent.glob("*.json")):
        stored = json.loads(path.read_text(encoding="utf-8"))
        for case in stored["cases"]:
            case["tags"] = tags_of(case)
        path.write_text(json.dumps(stored, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

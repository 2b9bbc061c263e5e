"""The codes of rejects are a closed set, and every one of them is used."""

import ast
from collections.abc import Iterator
from pathlib import Path

import sources
from sources.reasons import REASONS

FOLDER = Path(sources.__file__).parent
ELSEWHERE = {"truncated", "corrupt-container", "expansion", "encrypted"}
"""Codes that are kept as a fault of a container before they are raised."""


def said() -> Iterator[tuple[str, str]]:
    """Each code that a call of `ParseError` names, with its file."""
    for path in sorted(FOLDER.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "ParseError":
                for part in ast.walk(node.args[0]) if node.args else ():
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        yield part.value, path.name


def test_every_code_is_explained() -> None:
    assert {(code, name) for code, name in said() if code not in REASONS} == set()


def test_every_explained_code_is_used() -> None:
    assert set(REASONS) - {code for code, _ in said()} <= ELSEWHERE


def test_explanations_are_sentences() -> None:
    assert all(text[0].isupper() and text.endswith(".") for text in REASONS.values())
    assert list(REASONS) == sorted(REASONS)

"""A ninjs object with its properties by name, whatever the version's spelling, each of the right type."""

from collections.abc import Iterator, Mapping
from typing import cast

from articles import ParseError


class Item:
    """Typed access to a ninjs object; a value of the wrong type is a ParseError (`wrong-type`), null is absent."""

    def __init__(self, value: object) -> None:
        if not isinstance(value, Mapping):
            raise ParseError("wrong-type", f"an item must be an object, not {type(value).__name__}")
        self.raw = cast("Mapping[str, object]", value)
        self._folded = {key.replace("_", "").lower(): entry for key, entry in self.raw.items()}

    def get(self, *names: str) -> object:
        """The first of some properties that is there."""
        return next((entry for name in names if (entry := self._folded.get(name)) is not None), None)

    def text(self, *names: str) -> str | None:
        """A string, None where it is absent or blank."""
        return next((found for name in names if (found := self._string(name))), None)

    def number_or_text(self, name: str) -> str | None:
        """A string, or a number as one: what versions and urgencies come as."""
        value = self.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(int(value)) if float(value).is_integer() else str(value)
        return self._string(name)

    def objects(self, *names: str) -> Iterator["Item"]:
        """The objects of a list; a lone object counts as a list of one, strings in it as names."""
        for name in names:
            value = self.get(name)
            entries = value if isinstance(value, list) else [] if value is None else [value]
            for entry in entries:
                if entry is None:
                    continue
                if isinstance(entry, str):
                    yield Item({"name": entry})
                elif isinstance(entry, Mapping):
                    yield Item(entry)
                else:
                    raise ParseError("wrong-type", f'"{name}" holds {type(entry).__name__}, not objects')

    def label(self) -> str | None:
        """A concept's name, else its literal or code."""
        return self.text("name", "literal", "code", "uri")

    def variants(self, single: str, plural: str) -> Iterator[tuple[str, str]]:
        """The forms of one text, as (kind, value): `body`, `body_html` … of 1.x, `bodies` of 2.x and 3.x."""
        for key, value in self.raw.items():
            if value is not None and (key == single or key.startswith(single + "_")):
                if not isinstance(value, str):
                    raise ParseError("wrong-type", f'"{key}" is not a string')
                yield key[len(single) + 1 :].lower(), value
        forms = self.get(plural)
        if forms is not None and not isinstance(forms, list):
            raise ParseError("wrong-type", f'"{plural}" is not a list')
        for form in self.objects(plural):
            value = form.text("value")
            if value:
                yield f"{form.text('role') or ''} {form.text('contenttype') or ''}".strip().lower(), value

    def _string(self, name: str) -> str | None:
        value = self.get(name)
        if value is not None and not isinstance(value, str):
            raise ParseError("wrong-type", f'"{name}" is {type(value).__name__}, not a string')
        return value.strip() or None if isinstance(value, str) else None

"""Whether an item keeps to the ninjs standard, by IPTC's own JSON schemas.

Apart from parsing on purpose: real feeds add properties of their own, which the schemas forbid and
which harm nobody, so `ninjs.parse` reads past them. Use this to hold a partner to the standard.
"""

import functools
import re
from collections.abc import Mapping
from importlib import resources
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import orjson
from referencing import Registry, Resource

_VERSION = re.compile(r"(?:^|[_v])(\d\.\d)(?:\.json|$|[^0-9])")
_LATEST = {"1": "1.6", "2": "2.2", "3": "3.1"}
_PLURALS = frozenset(("bodies", "headlines", "descriptions", "by", "subjects", "people", "places", "standard"))


def judge(item: object, version: str | None = None) -> list[str]:
    """What is wrong with an item by the schema of its version; empty for a valid item.

    Without `version` the one that the item declares counts. An item that declares none is valid if any
    published version would have it; what is wrong is then told by the latest of its generation.
    """
    known = version or declared_version(item)
    validators = _validators()
    if known is not None and known not in validators:
        return [f"ninjs {known} is not a published version"]
    try:
        if known is None and any(validators[name].is_valid(item) for name in validators if not name.startswith("dev")):
            return []
        return _problems(known or _generation(item), item)
    except RecursionError:
        return ["item: nested too deeply to be judged"]


def _problems(version: str, item: object) -> list[str]:
    problems = sorted(
        _validators()[version].iter_errors(item), key=lambda problem: list(map(str, problem.absolute_path))
    )
    return [f"{'/'.join(map(str, problem.absolute_path)) or 'item'}: {problem.message[:300]}" for problem in problems]


def declared_version(item: object) -> str | None:
    """The version an item names in `standard` (`$standard` in 1.x), by number or by schema."""
    standard = item.get("standard", item.get("$standard")) if isinstance(item, Mapping) else None
    values = [str(standard.get(key, "")) for key in ("version", "schema")] if isinstance(standard, Mapping) else []
    return next((found.group(1) for value in values if (found := _VERSION.search(value))), None)


def _generation(item: object) -> str:
    keys = {key for key in item if isinstance(key, str)} if isinstance(item, Mapping) else set()
    if any(key.isalpha() and not key.islower() for key in keys):
        return _LATEST["3"]
    return _LATEST["2" if keys & _PLURALS else "1"]


@functools.cache
def _validators() -> dict[str, Any]:
    """A validator for each version, with nothing to fetch: every reference is among the resources."""
    data = orjson.loads(resources.files("sources.formats").joinpath("data/ninjs-schemas.json").read_bytes())
    schemas: dict[str, Any] = data["versions"]
    known = {"https://geojson.org/schema/GeoJSON.json": data["geojson"]}
    known |= {(schema.get("$id") or schema["id"]).rstrip("#"): schema for schema in schemas.values()}
    found = [(uri + end, Resource.from_contents(schema)) for uri, schema in known.items() for end in ("", "#")]
    registry: Registry[Any] = Registry().with_resources(found)
    return {
        version: jsonschema.validators.validator_for(schema)(schema, registry=registry)
        for version, schema in schemas.items()
    }

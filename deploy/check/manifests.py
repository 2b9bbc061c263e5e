"""Kubernetes manifests against the schemas of Kubernetes and of the Flink operator, unknown keys refused."""

import copy
import hashlib
import io
import tempfile
import urllib.request
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import jsonschema
import kubernetes_validate
import yaml

from deploy.check.faults import FileError

KUBERNETES: Final = "1.34"
"""A version that all the large providers still run; what is valid there is valid in later ones."""

OPERATOR: Final = "1.10.0"
"""The newest release of the operator whose CRDs are on Maven Central."""
_JAR: Final = (
    "https://repo1.maven.org/maven2/org/apache/flink/flink-kubernetes-operator-api/"
    f"{OPERATOR}/flink-kubernetes-operator-api-{OPERATOR}.jar"
)
_JAR_SHA256: Final = "b1f44814e17514fa8395c61b329a3ee9087123a5bda5b21fe1a495d5182c30b6"
_CRD: Final = "META-INF/fabric8/flinkdeployments.flink.apache.org-v1.yml"


Schema = dict[str, Any]


def kubernetes(path: Path) -> None:
    """Each document of the file is what its kind says it must be."""
    names = set()
    for document in documents(path):
        kind, name = document.get("kind"), document.get("metadata", {}).get("name")
        if (kind, name) in names:
            raise FileError(f"{kind} {name} stands there twice")
        names.add((kind, name))
        try:
            if kind == "FlinkDeployment":
                jsonschema.validate(document, flink_schema())
            else:
                kubernetes_validate.validate(document, KUBERNETES, strict=True)
        except (jsonschema.ValidationError, kubernetes_validate.ValidationError) as error:
            where = ".".join(map(str, error.path))
            raise FileError(f"{kind} {name}: {where}: {error.message[:300]}") from error
        except (kubernetes_validate.SchemaNotFoundError, kubernetes_validate.InvalidSchemaError) as error:
            version = document.get("apiVersion")
            raise FileError(f"{kind} {name}: Kubernetes {KUBERNETES} has no such kind in {version}") from error
    if not names:
        raise FileError("no manifest")


def documents(path: Path) -> Iterator[dict[str, Any]]:
    """The manifests of a file; raises `FileError` for a key that stands twice, which YAML parsers let pass."""
    for document in yaml.load_all(path.read_text("utf-8"), _UniqueKeys):  # derived from the safe one
        if not isinstance(document, dict):
            raise FileError("a document is no mapping")
        yield document


class _UniqueKeys(yaml.SafeLoader):
    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        if len(set(keys)) != len(keys):
            raise FileError(f"line {node.start_mark.line + 1}: a key twice among {keys}")
        return super().construct_mapping(node, deep)


@cache
def flink_schema() -> Schema:
    """The schema of a FlinkDeployment, with unknown keys refused wherever keys are named."""
    with zipfile.ZipFile(io.BytesIO(_jar())) as jar:
        definition = yaml.safe_load(jar.read(_CRD))
    (version,) = definition["spec"]["versions"]
    schema = _closed(version["schema"]["openAPIV3Schema"])
    schema["properties"] |= {
        "apiVersion": {"const": f"{definition['spec']['group']}/{version['name']}"},
        "kind": {"const": definition["spec"]["names"]["kind"]},
        "metadata": {"type": "object", "required": ["name"]},
    }
    schema["required"] = ["apiVersion", "kind", "metadata", "spec"]
    return schema


def _closed(schema: Schema) -> Schema:
    schema = copy.copy(schema)
    if "properties" in schema:
        schema["properties"] = {name: _closed(found) for name, found in schema["properties"].items()}
        if not schema.get("x-kubernetes-preserve-unknown-fields"):
            schema.setdefault("additionalProperties", False)
    for name in ("items", "additionalProperties"):
        if isinstance(schema.get(name), dict):
            schema[name] = _closed(schema[name])
    return schema


def _jar() -> bytes:
    """The operator's API (Apache License 2.0), from Maven Central or from an earlier check."""
    kept = Path(tempfile.gettempdir()) / f"newsbeam-{Path(_JAR).name}"
    if kept.exists() and hashlib.sha256(kept.read_bytes()).hexdigest() == _JAR_SHA256:
        return kept.read_bytes()
    with urllib.request.urlopen(_JAR, timeout=60) as reply:  # noqa: S310  # a constant https address
        content: bytes = reply.read()
    if hashlib.sha256(content).hexdigest() != _JAR_SHA256:
        raise FileError(f"{_JAR} is not the file it was")
    kept.write_bytes(content)
    return content

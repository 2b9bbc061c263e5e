import dataclasses
import importlib.metadata
import re

import pyarrow as pa
import pytest

import articles
from sinks.contract import PAGE, render
from sinks.rows import STAGED_ARTICLES, article, article_batch
from sinks.schema import ARTICLES, DUPLICATES, REJECTS, SIGNATURES, TABLES
from sources.reasons import REASONS as SOURCE_REASONS
from transforms.reasons import REASONS as TRANSFORM_REASONS

NESTED = {
    "credits": articles.Credit,
    "dateline": articles.Dateline,
    "artifacts": articles.Artifact,
    "rights": articles.Rights,
    "encoding": articles.Encoding,
}


def names(record):
    return [field.name for field in dataclasses.fields(record)]


def test_articles_table_has_the_fields_of_the_record_in_their_order():
    assert [name for name in names(articles.Article) if name not in articles.WORKING_FIELDS] == ARTICLES.names


def test_rejects_table_has_the_fields_of_the_record_in_their_order():
    assert names(articles.Reject) == REJECTS.names


@pytest.mark.parametrize("column", NESTED)
def test_nested_columns_have_the_fields_of_their_records(column):
    kind = ARTICLES.field(column).type
    kind = kind.value_type if pa.types.is_list(kind) else kind
    assert [field.name for field in kind] == names(NESTED[column])


def test_duplicates_add_to_articles():
    assert DUPLICATES.names == [*ARTICLES.names, "duplicate_of", "duplicate_kind", "similarity"]


@pytest.mark.parametrize("schema", [*TABLES.values(), SIGNATURES])
def test_every_field_is_described(schema):
    def undescribed(fields):
        for field in fields:
            if not field.metadata or not field.metadata.get(b"description"):
                yield field.name
            kind = field.type.value_type if pa.types.is_list(field.type) else field.type
            if pa.types.is_struct(kind):
                yield from undescribed(kind)

    assert list(undescribed(schema)) == []


def test_page_is_rendered_from_the_schema(request):
    page = (request.config.rootpath / PAGE).read_text("utf-8")
    assert page == render({**SOURCE_REASONS, **TRANSFORM_REASONS}), "run `make docs`"


def test_record_survives_the_way_to_arrow_and_back(full_article):
    batch = article_batch([full_article], [full_article.published_at.date()])
    assert batch.schema == STAGED_ARTICLES
    working = {name: getattr(articles.Article(), name) for name in articles.WORKING_FIELDS}
    found = article(batch.to_pylist()[0])
    assert dataclasses.replace(found, artifacts=()) == dataclasses.replace(full_article, **working, artifacts=())
    assert [dataclasses.replace(a, confidence=0.5) for a in found.artifacts] == list(full_article.artifacts)


def test_no_other_distribution_owns_our_package_names():
    ours = {"articles", "sources", "transforms", "sinks", "reports", "pipelines"}
    owners = importlib.metadata.packages_distributions()
    assert {name: set(owners[name]) for name in ours if name in owners} in (
        {},
        {name: {"newsbeam"} for name in ours},
    )


def test_version_of_the_code_is_the_package_version(request):
    project = (request.config.rootpath / "pyproject.toml").read_text("utf-8")
    assert importlib.metadata.version("newsbeam") == re.search(r'^version = "(.+)"$', project, re.MULTILINE)[1]

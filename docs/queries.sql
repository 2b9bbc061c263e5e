-- Views for DuckDB over newsbeam's tables. From the folder in which `tables` is:
--
--     duckdb -init docs/queries.sql
--     D SELECT title, publishers, versions FROM stories ORDER BY last_at DESC LIMIT 20;
--
-- For tables elsewhere: SET VARIABLE newsbeam = '/srv/news/tables'; first. In Python:
-- duckdb.execute(open("docs/queries.sql").read()).
--
-- A view lists the folders anew in each query: what a run has added since is there. A row that stands in
-- two files for a moment, because a run is committing or compacting, counts once. docs/operating.md says more.

SET VARIABLE newsbeam = coalesce(getvariable('newsbeam'), 'tables');

-- Every text there is: each row of articles, duplicates and held, with the table it is in. The second half has no
-- rows; it makes the columns of duplicates known where there is no duplicate yet.
CREATE OR REPLACE TEMP VIEW texts AS
SELECT *, string_split(filename, '/')[-3] AS in_table, coalesce(updated_at, published_at) AS told_at
FROM read_parquet(
    getvariable('newsbeam') || '/[adh]*/date=*/*.parquet',
    union_by_name = true, hive_partitioning = true, filename = true
)
UNION ALL BY NAME
SELECT NULL::VARCHAR AS duplicate_of, NULL::VARCHAR AS duplicate_kind, NULL::FLOAT AS similarity WHERE false;

-- The newest kill of each article that has one.
CREATE OR REPLACE TEMP VIEW kills AS
SELECT article_id, max(version) AS version, max(told_at) AS told_at
FROM texts
WHERE in_table = 'articles' AND status = 'canceled'
GROUP BY article_id;

-- What is not killed: a row for each table and version, with one file that has it. A kill kills the versions before
-- it, and old copies that came after it.
CREATE OR REPLACE TEMP VIEW standing AS
SELECT texts.article_id, texts.version, texts.in_table, min(texts.filename) AS filename
FROM texts
LEFT JOIN kills ON kills.article_id = texts.article_id
WHERE kills.version IS NULL
    OR (texts.version > kills.version AND coalesce(texts.told_at > kills.told_at, true))
GROUP BY ALL;

-- The newest version of each article. Hidden: articles that are killed; all versions of one whose newest is withheld or
-- under embargo, until a run has moved it from held; and those whose newest version is a copy of another article.
CREATE OR REPLACE TEMP VIEW latest_articles AS
WITH newest AS (
    SELECT article_id, arg_max((version, in_table, filename), (version, in_table = 'articles')) AS place
    FROM standing
    GROUP BY article_id
)
SELECT texts.* EXCLUDE (in_table, filename, told_at, duplicate_of, duplicate_kind, similarity)
FROM texts
JOIN newest
    ON newest.article_id = texts.article_id
    AND newest.place[1] = texts.version
    AND newest.place[2] = texts.in_table
    AND newest.place[3] = texts.filename
WHERE texts.in_table = 'articles'
    AND texts.status = 'usable'
    AND (texts.embargoed_until IS NULL OR texts.embargoed_until <= now());

-- A row a story: its newest text; when it was first and last told; how many versions it has in how many articles, and
-- how many copies; who told it, and where. Killed versions and copies count for nothing.
CREATE OR REPLACE TEMP VIEW stories AS
WITH newest AS (
    SELECT
        story_id,
        arg_max(article_id, (coalesce(updated_at, published_at, ingested_at), word_count, article_id)) AS article_id
    FROM latest_articles
    GROUP BY story_id
),
members AS (
    SELECT
        texts.story_id,
        min(texts.published_at) AS first_at,
        max(texts.told_at) AS last_at,
        count(DISTINCT texts.article_id) FILTER (texts.in_table = 'articles') AS articles,
        count(DISTINCT (texts.article_id, texts.version)) FILTER (texts.in_table = 'articles') AS versions,
        count(DISTINCT (texts.article_id, texts.version, texts.source_uri)) FILTER (texts.in_table = 'duplicates')
            AS copies,
        list_sort(list(DISTINCT texts.publisher) FILTER (texts.publisher IS NOT NULL)) AS publishers,
        list_sort(list(DISTINCT texts.url) FILTER (texts.url IS NOT NULL)) AS urls
    FROM texts
    JOIN standing
        ON standing.article_id = texts.article_id
        AND standing.version = texts.version
        AND standing.in_table = texts.in_table
    WHERE texts.in_table IN ('articles', 'duplicates')
    GROUP BY texts.story_id
)
SELECT
    story_id, latest.article_id, latest.title, latest.body, latest.language, latest.word_count, latest.publisher,
    latest.url, members.* EXCLUDE (story_id)
FROM newest
JOIN latest_articles AS latest USING (story_id, article_id)
JOIN members USING (story_id);

-- Who copies whom: the publisher of the copy, the publisher of the canonical article, how often, how exactly, and how
-- long after.
CREATE OR REPLACE TEMP VIEW syndication AS
WITH copies AS (
    SELECT DISTINCT article_id, version, source_uri, publisher, published_at, duplicate_of, duplicate_kind, similarity
    FROM texts
    WHERE in_table = 'duplicates' AND duplicate_of <> article_id
),
originals AS (
    SELECT article_id, any_value(publisher) AS publisher, min(published_at) AS published_at
    FROM texts
    WHERE in_table = 'articles'
    GROUP BY article_id
)
SELECT
    originals.publisher AS original,
    copies.publisher AS copied_by,
    count(*) AS copies,
    count(*) FILTER (copies.duplicate_kind = 'near') AS near,
    min(copies.similarity) AS least_similarity,
    median(copies.published_at - originals.published_at) AS usual_delay
FROM copies
JOIN originals ON originals.article_id = copies.duplicate_of
GROUP BY ALL;

-- How much each publisher sends, and who is silent for longer than usual: five times the usual gap between two stories,
-- and a day. (newsbeam feeds tells of the feeds themselves.)
CREATE OR REPLACE TEMP VIEW publishers AS
WITH told AS (
    SELECT DISTINCT publisher, article_id, published_at
    FROM texts
    WHERE in_table IN ('articles', 'duplicates') AND published_at IS NOT NULL
),
gaps AS (
    SELECT *, published_at - lag(published_at) OVER (PARTITION BY publisher ORDER BY published_at) AS gap FROM told
)
SELECT
    publisher,
    count(*) AS stories,
    min(published_at) AS first_at,
    max(published_at) AS last_at,
    median(gap) AS usual_gap,
    now() - max(published_at) > greatest(5 * median(gap), INTERVAL 1 DAY) AS is_silent
FROM gaps
GROUP BY publisher;

-- Why items were rejected, by file or feed.
CREATE OR REPLACE TEMP VIEW rejections AS
WITH found AS (
    SELECT *
    FROM read_parquet(
        getvariable('newsbeam') || '/*/date=*/*.parquet',
        union_by_name = true, hive_partitioning = true, filename = true
    )
    UNION ALL BY NAME
    SELECT
        NULL::INTEGER AS item_index, NULL::VARCHAR AS stage, NULL::VARCHAR AS reason, NULL::VARCHAR AS message,
        NULL::BLOB AS payload
    WHERE false
)
SELECT
    reason,
    string_split(source_uri, '!/')[1] AS source,
    count(DISTINCT (source_uri, item_index, payload_sha256)) AS items,
    max(date) AS last_on,
    any_value(message) AS example
FROM found
WHERE string_split(filename, '/')[-3] = 'rejects'
GROUP BY ALL;

-- The runs, from their manifests: what each read, and what became of it.
CREATE OR REPLACE TEMP VIEW manifests AS
SELECT *
FROM read_json(
    getvariable('newsbeam') || '/_commits/*.json',
    columns = {
        'sequence': 'INTEGER', 'run_id': 'VARCHAR', 'kind': 'VARCHAR', 'started_at': 'TIMESTAMPTZ',
        'finished_at': 'TIMESTAMPTZ', 'newsbeam_version': 'VARCHAR', 'totals': 'MAP(VARCHAR, BIGINT)',
        'files': 'STRUCT(path VARCHAR, "table" VARCHAR, "rows" BIGINT, bytes BIGINT, sha256 VARCHAR)[]',
        'removed': 'VARCHAR[]'
    }
);

CREATE OR REPLACE TEMP VIEW runs AS
SELECT
    sequence, run_id, coalesce(kind, 'ingest') AS kind, started_at, finished_at - started_at AS took,
    totals['read'] AS "read", totals['articles'] AS articles, totals['duplicates'] AS duplicates,
    totals['held'] AS held, totals['rejects'] AS rejects, totals['unchanged'] AS unchanged,
    list_sum(list_transform(files, lambda file: file.bytes)) AS bytes_written
FROM manifests
ORDER BY sequence;

-- The files of all tables after the last commit: added by one run, removed by none since.
CREATE OR REPLACE TEMP VIEW live_files AS
WITH added AS (
    SELECT file.path, arg_max(file, sequence) AS file, max(sequence) AS sequence
    FROM manifests, unnest(files) AS t(file)
    GROUP BY file.path
),
gone AS (
    SELECT path, max(sequence) AS sequence FROM manifests, unnest(removed) AS t(path) GROUP BY path
)
SELECT file.path, file."table", file."rows", file.bytes, getvariable('newsbeam') || '/' || file.path AS filename
FROM added
WHERE NOT EXISTS (FROM gone WHERE gone.path = added.path AND gone.sequence >= added.sequence);

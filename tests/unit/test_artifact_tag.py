"""What tag promises of its result, whatever the detectors."""

from articles import Article, Credit
from transforms.artifacts import tag

BODY = "The envoy told Larsen that the offer stood. He called Larsens proposal a first step.\n\nThe the talks ended."


def test_every_artifact_quotes_the_text_it_points_to():
    article = tag(Article(title="Envoy meets trump in ankara", body=BODY, language="en"))
    assert article.artifacts
    for artifact in article.artifacts:
        field = article.title if artifact.field == "title" else article.body
        assert field[artifact.start : artifact.end] == artifact.text


def test_title_comes_first_then_the_order_of_the_text():
    artifacts = tag(Article(title="Envoy in ankara", body=BODY, language="en")).artifacts
    keys = [(a.field != "title", a.start, a.end, a.kind) for a in artifacts]
    assert keys == sorted(keys)


def test_text_is_never_changed():
    article = Article(title="Envoy in ankara", body=BODY, language="en")
    tagged = tag(article)
    assert (tagged.title, tagged.body) == (article.title, article.body)


def test_english_detectors_keep_quiet_where_the_language_is_unknown():
    assert {a.kind for a in tag(Article(title="x", body=BODY, language=None)).artifacts} <= {"repeated-words"}


def test_a_credit_is_not_read_as_prose():
    body = "The talks ended on Friday.\n\nMore talks are planned.\n\nIt ended. the editor was Wu Min of this desk"
    start = body.index("It ended")
    credit = Credit(role="editor", name="Wu Min", start=start, end=len(body))
    kinds = {a.kind for a in tag(Article(title="x", body=body, language="en", credits=(credit,))).artifacts}
    assert not kinds & {"missing-terminal-punctuation", "lowercase-sentence"}


def test_an_empty_article_has_no_artifacts():
    assert tag(Article(language="en")).artifacts == ()


def test_wire_habits_of_1987_are_no_artifacts():
    title = "NORTHERN ORE CO <NOC> 3RD QTR NET"
    body = (
        "HELSINKI, March 3 - Shr 21 cts vs 18 cts\n\nNet 1.2 mln vs 1.0 mln\n\nRevs 44.1 mln dlrs vs 39.8 mln dlrs\n\n"
        "NOTE: Qtly div 20 cts. Company's full name is Northern Ore Co <NOC.HE>. Avg shrs 5.6 mln vs 5.5 mln."
    )
    assert tag(Article(title=title, body=body, language="en")).artifacts == ()

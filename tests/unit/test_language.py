import threading

import pytest

from articles import Article
from transforms.language import detect, identify


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The harbour authority said that ferries would stay in port.", "en"),
        ("Die Hafenbehörde teilte mit, dass die Fähren im Hafen bleiben.", "de"),
        ("Havnemyndighetene opplyste at fergene blir liggende.", "nb"),
        ("Las autoridades del puerto dijeron que los transbordadores no saldrán.", "es"),
        ("Управление порта сообщило, что паромы не выйдут в море.", "ru"),
        ("Адміністрація порту повідомила, що пороми не вийдуть у море.", "uk"),
        ("قالت سلطات الميناء إن العبارات ستبقى راسية", "ar"),
        ("مقامات بندر گفتند که کشتی‌ها در بندر می‌مانند", "fa"),
        ("بندرگاہ کے حکام نے کہا ہے کہ کشتیاں نہیں چلیں گی", "ur"),
        ("港務局表示颱風期間渡輪停駛", "zh"),
        ("港务局表示台风期间渡轮停驶", "zh"),
        ("港湾当局はフェリーの欠航を発表した", "ja"),
        ("항만 당국은 여객선이 결항한다고 밝혔다", "ko"),
        ("การท่าเรือประกาศหยุดเดินเรือ", "th"),
        ("Η λιμενική αρχή ανακοίνωσε απαγόρευση", "el"),
        ("רשות הנמלים הודיעה על ביטול המעבורות", "he"),
    ],
)
def test_news_sentences(text, language):
    guess = detect(text)
    assert guess is not None
    assert guess.language == language
    assert 0 < guess.confidence <= 1


@pytest.mark.parametrize(
    "text", ["總統府", "臺灣與韓國簽署協議", "國務院總理會見韓國總統", "GDP 成長", "香港iPhone新聞"]
)
def test_traditional_chinese_is_never_korean(text):
    guess = detect(text)
    assert guess is not None
    assert guess.language == "zh"


@pytest.mark.parametrize("text", ["", "12.3%", "+++", "17:05", "OK", "–"])
def test_too_few_letters_are_no_language(text):
    assert detect(text) is None


def test_a_declaration_settles_two_words_but_not_a_sentence():
    german = detect("Trump sagt", declared="de-AT")
    assert german is not None
    assert german.language == "de"
    english = detect("The harbour authority said on Friday that ferries would stay in port.", declared="de")
    assert english is not None
    assert english.language == "en"


def test_words_outweigh_letters_that_look_like_many_other_languages():
    guess = detect("helm motor")
    assert guess is not None
    assert guess.language == "id"


def test_latin_crumbs_do_not_outvote_another_script():
    guess = detect("Home | Contact | RSS | Login — Управление порта сообщило, что паромы не выйдут в море")
    assert guess is not None
    assert guess.language == "ru"


def test_article_without_letters_has_neither_language_nor_confidence():
    article = identify(Article(title="17:05", language="xx", language_confidence=0.5))
    assert (article.language, article.language_confidence) == (None, None)


def test_addresses_do_not_count():
    article = identify(Article(body="https://www.example.org/the-news-of-the-day Паромы не выйдут в море"))
    assert article.language == "ru"


def test_the_same_answer_on_every_call_and_thread():
    text = "bygge stand"
    expected = detect(text)
    answers = []
    threads = [threading.Thread(target=lambda: answers.extend(detect(text) for _ in range(20))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [expected] * 80

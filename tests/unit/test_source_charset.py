"""Every way in which bytes say, or fail to say, what charset they are in."""

import pytest

from articles import Encoding
from sources.charset import decode, detect, known

CHINESE = "港口的新码头将于周一开放，市长说这是一个里程碑。朱镕基也来了。" * 3


@pytest.mark.parametrize(
    ("payload", "content_type", "text", "encoding"),
    [
        (b"plain", None, "plain", Encoding(None, "utf-8")),
        (b"\xef\xbb\xbfbom", "text/xml; charset=iso-8859-1", "bom", Encoding("utf-8", "utf-8")),
        ("wide".encode("utf-16"), None, "wide", Encoding("utf-16-le", "utf-16-le")),
        ("<?xml?>".encode("utf-16-be"), None, "<?xml?>", Encoding(None, "utf-16-be")),
        (CHINESE.encode("gb18030"), "text/html; charset=gb2312", CHINESE, Encoding("gb18030", "gb18030")),
        ("Noël".encode("latin-1"), "text/html; charset=ISO-8859-1", "Noël", Encoding("cp1252", "cp1252")),
        (b"it\x92s", "text/plain; charset=iso-8859-1", "it’s", Encoding("cp1252", "cp1252")),
        ("①".encode("cp932"), "text/html; charset=shift_jis", "①", Encoding("cp932", "cp932")),
        ("똠방".encode("cp949"), "text/html; charset=ks_c_5601-1987", "똠방", Encoding("cp949", "cp949")),
        ("ёлка".encode("koi8-r"), "text/html; charset=koi8-r", "ёлка", Encoding("koi8-r", "koi8-r")),
        (
            '<?xml version="1.0" encoding="iso-8859-1"?><a>Übergröße kostet extra, sagt die Behörde</a>'.encode(),
            None,
            '<?xml version="1.0" encoding="iso-8859-1"?><a>Übergröße kostet extra, sagt die Behörde</a>',
            Encoding("cp1252", "utf-8", "declaration-ignored"),
        ),
        (
            b"<?xml version='1.0' encoding='utf-8'?><a>" + "Ünïcödé".encode() * 9 + b" and a stray \x92 byte</a>",
            None,
            "<?xml version='1.0' encoding='utf-8'?><a>" + "Ünïcödé" * 9 + " and a stray ’ byte</a>",
            Encoding("utf-8", "utf-8", "mixed-windows-1252"),
        ),
    ],
)
def test_declared_and_wrongly_declared(payload: bytes, content_type: str | None, text: str, encoding: Encoding) -> None:
    assert decode(payload, content_type) == (text, encoding)


def test_the_default_of_old_servers_gives_way_to_what_the_document_says() -> None:
    payload = f"<?xml version='1.0' encoding='gb2312'?><a>{CHINESE}</a>".encode("gb18030")
    text, encoding = decode(payload, "text/xml; charset=iso-8859-1")
    assert CHINESE in text
    assert encoding.used == "gb18030"


def test_declared_utf8_that_is_another_charset_is_detected() -> None:
    text, encoding = decode(CHINESE.encode("gb18030"), "text/plain; charset=utf-8")
    assert text == CHINESE
    assert encoding == Encoding("utf-8", "gb18030", "declaration-ignored")


@pytest.mark.parametrize("label", ["utf-7", "unicode_escape", "idna", "punycode", "hex", "rot13", "no-such", "\0", "é"])
def test_labels_that_are_no_charset(label: str) -> None:
    assert known(label) is None


@pytest.mark.parametrize("label", ["utf-16", "UTF8", " utf-8 "])
def test_a_readable_declaration_of_wide_characters_means_utf8(label: str) -> None:
    assert known(label) == "utf-8"


def test_markup_in_utf7_stays_inert() -> None:
    assert decode(b"+ADw-script+AD4-", "text/html; charset=utf-7")[0] == "+ADw-script+AD4-"


def test_short_french_is_not_lithuanian() -> None:
    assert decode("Café ouvert à Noël\nL’été".encode("cp1252"))[0] == "Café ouvert à Noël\nL’été"


def test_letters_late_in_a_long_text_are_seen() -> None:
    assert detect(b"a" * 600_000 + "Погода в Москве сегодня ясная".encode("koi8-r")) == "koi8-r"

"""Datelines in Chinese, Japanese and Korean: `新华社北京11月15日电（记者 王某）`, `【パリ時事】`, `(서울=연합뉴스)`."""

import datetime as dt
import re

from articles import Credit, Dateline
from transforms.editorial import days, names, vocabulary
from transforms.editorial.datelines import LENGTH, placed
from transforms.editorial.passages import Line
from transforms.editorial.readings import Reading

_ROLES = vocabulary.roles("tag")
_AGENCY = (
    rf"(?:{vocabulary.alternation(vocabulary.words('han_agencies.txt'))}"
    r"|[㐀-鿿A-Za-z]{2,8}?(?:通讯社|通訊社|社|网|網|报|報|电视台|電視台|台|客户端))"
)
_PLACE = r"[㐀-鿿·]{2,10}?"
_WIRED = r"(?:专电|專電|电|電|讯|訊|消息|报道|報導|報道|综合报道|综合電|综合电)"
_DATE = days.HAN_PATTERN
_REPORTERS = r"\s?[（(](?P<inside>[^（）()\n]{1,60})[）)]"

_FORMS = (
    # 新华社北京11月15日电 · 海外网11月15日电 · 中新网客户端7月26日电 · 中新社新疆哈密7月26日电
    re.compile(rf"(?:据)?(?P<agency>{_AGENCY})\s?(?P<place>{_PLACE})??\s?(?P<date>{_DATE})\s?{_WIRED}"),
    # （中央社記者王某某台北15日電） · （新华社北京11月15日电）
    re.compile(
        rf"[（(【〔](?P<agency>{_AGENCY})(?:(?P<tag>記者|记者)(?P<name>[㐀-鿿]{{3}}|[㐀-鿿]{{2}}))?(?P<place>[㐀-鿿]{{2,5}})?"
        rf"(?P<date>{_DATE}){_WIRED}[）)】〕]"
    ),
    # 【北京共同】 · 【パリ時事】 · 【ソウル聯合ニュース】
    re.compile(
        r"【(?P<place>[㐀-鿿ァ-ヶー・]{2,12}?)[=＝]?(?P<agency>共同通信|共同|時事通信|時事|聯合ニュース|ロイター|ＡＦＰ時事|ＡＦＰ|ＡＰ|AFP=時事|AFP|CNN)】"
    ),
    # 〔記者王某某／台北報導〕 · 【記者王某某台北報導】 · 記者王某某／台北報導
    re.compile(
        r"[〔\[［【（(](?P<tag>記者|记者)(?P<name>[㐀-鿿]{3}|[㐀-鿿]{2})(?P<place>[㐀-鿿]{2,4})(?:報導|报道)[〕\]］】）)]"
    ),
    re.compile(
        r"[〔\[［【（(]?(?P<tag>記者|记者)(?P<name>[㐀-鿿]{2,4}(?:、[㐀-鿿]{2,4})*)[／/](?P<place>[㐀-鿿]{2,6})(?:報導|报道)[〕\]］】）)]?"
    ),
    # (서울=연합뉴스) 홍길동 기자 = · [서울=뉴시스] 홍길동 기자 = · (런던=AP/뉴시스)
    re.compile(
        r"[(\[【](?P<place>[가-힣A-Za-z·]{2,12})=(?P<agency>[가-힣A-Za-z0-9/ ]{2,14})[)\]】]"
        r"(?:\s?(?P<name>[가-힣]{2,4}(?:[ ·][가-힣]{2,4}){0,3}) (?P<tag>기자|특파원))?\s?=?"
    ),
    # [ソウル 15日 ロイター]
    re.compile(
        rf"[\[［](?P<place>[㐀-鿿ァ-ヶー]{{2,12}})\s(?P<date>{_DATE})\s(?P<agency>[㐀-鿿ァ-ヶーA-Z]{{2,10}})[\]］]\s?[-－―]?"
    ),
    # 【环球网报道 记者 王某】 · 【海港时报综合报道】
    re.compile(
        r"[【\[](?P<agency>[㐀-鿿—·-]{3,16}?)(?:综合)?(?:报道|報導)"
        r"(?:\s?(?P<tag>记者|記者|特约记者)\s?(?P<name>[㐀-鿿]{2,4}(?:[ 、][㐀-鿿]{2,4}){0,4}))?[】\]]"
    ),
    # 本报讯 · （观察者网讯） · 观察者网讯 · 【环球网报道 … · 央视网消息：
    re.compile(
        rf"[（(【\[]?(?P<agency>{_AGENCY})(?:讯|訊|快讯|快訊|消息|报道|報導|報道)(?:[）)】\]]|(?=[\s：:（(]))[：:]?"
    ),
    # 新华社电 · 据新华社电
    re.compile(
        rf"(?:据)?(?P<agency>{vocabulary.alternation(vocabulary.words('han_agencies.txt'))})(?:专电|專電|电|電)(?=[\s（(])"
    ),
    # 【11月15日 AFP】
    re.compile(rf"【(?P<date>{_DATE})\s(?P<agency>[A-Za-zァ-ヶー㐀-鿿=／/]{{2,12}})】"),
    # 北京7月26日电
    re.compile(rf"(?P<place>{_PLACE})\s?(?P<date>{_DATE})\s?(?:专电|專電|电|電)"),
)
_TAG = re.compile(rf"\s*(?P<tag>{vocabulary.alternation([it for it in _ROLES if not it.isascii()])})?[\s:：]*")


def find(line: Line, published: dt.datetime | None) -> tuple[Dateline | None, tuple[Credit, ...]]:
    """Return the dateline that opens a line, and the reporters it names in brackets."""
    text = line.text[:LENGTH]
    return placed(read(text), text, line.start, published)


def read(text: str) -> Reading | None:
    """Read the dateline a text opens with.

    >>> it = read("中新网重庆7月26日电 (记者 王某)下雨了。")
    >>> it.agency, it.place, it.date_text, [(c.role, c.name) for c in it.credits]
    ('中新网', '重庆', '7月26日', [('reporter', '王某')])
    """
    for form in _FORMS:
        found = form.match(text)
        if found is not None:
            parts = found.groupdict()
            credited = _tagged(found) if parts.get("name") else ()
            group = re.compile(_REPORTERS).match(text, found.end())
            end = found.end()
            if group is not None:
                inside = _inside(group)
                credited, end = credited + inside, group.end() if inside else end
            return Reading(parts.get("place"), parts.get("agency"), parts.get("date"), end, credited)
    return None


def _tagged(found: re.Match[str]) -> tuple[Credit, ...]:
    people = names.people(found["name"].replace("·", " "))
    start, end = min(found.start("name"), found.start("tag")), max(found.end("name"), found.end("tag"))
    listed = list(people)
    if len(listed) == 1:
        return (Credit("reporter", listed[0].name, None, start, end),)
    base = found.start("name")
    return tuple(Credit("reporter", it.name, None, base + it.start, base + it.end) for it in listed)


def _inside(group: re.Match[str]) -> tuple[Credit, ...]:
    text, base = group["inside"], group.start("inside")
    tag = _TAG.match(text)
    role = _ROLES[tag["tag"]] if tag is not None and tag["tag"] else "author"
    start = tag.end() if tag is not None else 0
    people = list(names.people(text, start))
    if not people or text[people[-1].end :].strip() or any(len(it.name or "") > 12 for it in people):
        return ()
    if role == "author" and not all(it.name and 2 <= len(it.name) <= 4 for it in people):
        return ()
    first = tag.start("tag") if tag is not None and tag["tag"] else people[0].start
    return tuple(
        Credit(role, it.name, it.code, base + (first if it is people[0] else it.start), base + it.end) for it in people
    )

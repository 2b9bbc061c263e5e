"""Attributions rendered word for word."""

import re
from collections.abc import Iterator

from articles import Span
from transforms.artifacts.text import Text

PATTERNS = (
    # 据外媒报道, 外媒称
    re.compile(r"\b[Aa]ccording to (?:the )?(?:foreign|overseas|comprehensive|relevant) (?:media|news|network) reports?\b(?:,? (?:that|said)\b)?"),
    re.compile(r"\b[Ff]oreign media (?:said|reported|say|report|believe)\b(?: that\b)?"),
    re.compile(r"\b[Aa]ccording to (?:the )?[\w ]{3,60}?(?:website|network|newspaper|channel|agency) (?:reported|report|reports)\b(?: on\b)?"),
    re.compile(r"\b[Cc]omprehensive (?:foreign media )?reports?\b(?=[,:. ]+(?:on|according|[A-Z\d]))"),
    # 据报道, 据悉, 据了解
    re.compile(r"(?:(?<=[.!?”\"] )|(?<=\n)|\A)It (?:is|was) (?:reported|understood|learned|learnt|noted|reminded|specified|clarified|emphasized) that\b"),
    re.compile(r"(?:(?<=[.!?”\"] )|(?<=\n)|\A)(?:Reported|Learned) that\b"),
    re.compile(r"\b[Aa]ccording to (?:reports|the news|news|understanding|the introduction|introduction|the message|incomplete statistics|preliminary data),(?= )"),
    # 今日俄罗斯消息
    re.compile(r"(?<![\w])[A-Z][\w ]{2,30}? news that(?= [\w,])(?! (?:is|was|are|were|has|have|had|could|would|will|may|might)\b)"),
    # 记者, 本报记者; 介绍
    re.compile(r"\b(?:[Tt]his|[Oo]ur|[Tt]he) reporter (?:learned|learnt|saw|noticed|noted|found|interviewed|was informed)\b(?: (?:from|that)\b)?"),
    re.compile(r"(?<=[a-z]) introduced,? that\b"),
    # сообщает …, об этом сообщает, со ссылкой на
    re.compile(r"\b(?:This|It) (?:is|was) (?:reported|stated|announced|told|noted|said|written) (?:about )?(?:by|in|on)(?= (?:the |a )?(?:\"|“|[A-Z]|message|website|portal|press|report|official|statement|service|newspaper|channel|agency|release|page))"),
    re.compile(r"\b(?:reports?|reported|writes|said|says)(?: \w+)? with reference to\b"),
    re.compile(r"\b(?:Earlier|Previously|Recall),? it (?:was|became|is) (?:reported|known|noted) that\b"),
    re.compile(r"\b[Aa]s (?:noted|specified|stated) in the (?:report|message|department|ministry)\b"),
    re.compile(r"\b[Aa]bout (?:this|it) (?:reports|writes|said)\b"),
)  # fmt: skip
GUARD = re.compile(
    r"[Aa]ccording to|[Ff]oreign media|ews that|eports? that|omprehensive|t (?:is|was) |Reported|Learned|reporter|introduced"
    r"|his (?:is|was) |reference to|Recall|[Aa]s (?:noted|specified|stated)|[Aa]bout (?:this|it) "
)


def calqued_attribution(text: Text) -> Iterator[Span]:
    """An attribution as another language says it: "Russia today news that", "According to foreign media reports".

    Not "according to the report", nor "Reuters reported that", which English says too.
    """
    if not text.english or not GUARD.search(text.string):
        return
    taken = -1
    for start, end in sorted(match.span() for pattern in PATTERNS for match in pattern.finditer(text.string)):
        if start >= taken and not text.is_quoted(start):
            yield Span(start, end, None, 0.8)
            taken = end

"""The body of an article: how long it takes to clean it, inline its styles and give its pictures their addresses."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import nh3

from bench.place import Place
from bench.report import Figure, Row, cost, within
from bench.scale import Scale
from campaigns import bodies, limits

PICTURES = 30
MILLISECONDS = 150
BY_SANITISER = 60

_STYLES = (
    "<style>p{line-height:1.75em;color:#333} .lead{font-weight:bold;margin:0 0 1em} h2>span{color:#07c160}</style>"
)
_PART = (
    '<section style="margin: 0px auto; box-sizing: border-box;"><h2><span>第{number}节</span></h2>'
    '<p class="lead">导语</p>'
    '<p style="text-align:center"><img src="https://pictures.example/{number}.png?size=640&amp;kind=png" alt=""></p>'
    "{text}</section>"
)
_SENTENCE = '<p>群发之前，<strong>先看清楚</strong>会发给谁，<span style="color: rgb(7, 193, 96);">再发送</span>。</p>'


def measure(place: Place, scale: Scale) -> Iterator[Row]:
    """This will hold an article of 20,000 characters with 30 pictures to a time, and show nh3 alone beside it."""
    article = _article()
    hosted = {url: f"http://mmbiz.qpic.cn/mmbiz_png/{number}/0" for number, url in enumerate(bodies.pictures(article))}
    if len(hosted) != PICTURES:
        raise RuntimeError(f"{len(hosted)} pictures of {PICTURES}")
    ours, alone = [], []
    for _ in range(1 + scale.body_rounds):
        ours.append(_seconds(lambda: bodies.for_wechat(article, hosted, is_hosted=lambda url: False)))
        alone.append(_seconds(lambda: nh3.clean(article)))
    yield within("body of 20,000 characters", ours[1:], alone[1:], figure=_milliseconds, bound=MILLISECONDS)
    yield cost("body, by nh3 alone", ours[1:], alone[1:], figure=_milliseconds, bound=BY_SANITISER)


def _article() -> str:
    room = (limits.CONTENT_CHARS - 1 - len(_STYLES)) // PICTURES - len(_PART)
    text = _SENTENCE * (room // len(_SENTENCE))
    article = _STYLES + "".join(_PART.format(number=number, text=text) for number in range(PICTURES))
    return article + "字" * (limits.CONTENT_CHARS - 1 - len(article))


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _milliseconds(taken: float) -> Figure:
    return Figure(taken * 1000, "ms")

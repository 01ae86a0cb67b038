"""The pages of articles: previews of drafts, what was sent, what was published. Served at `/s/<key>`."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from urllib.parse import urlsplit

from wxcore.simulator.articles import Article
from wxcore.simulator.clock import local
from wxcore.simulator.http import Reply

HTML = "text/html; charset=utf-8"
# The HTML is whatever somebody sent, on the origin of the control plane: it may show, and do nothing.
POLICY = (
    "default-src 'none'; img-src * data:; media-src *; style-src 'unsafe-inline'; frame-src https://v.qq.com; sandbox"
)
META = '<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
STYLE = """
body{margin:0 auto;max-width:677px;padding:20px 16px 40px;font:17px/1.6 -apple-system,"PingFang SC","Noto Sans CJK SC",
"Microsoft YaHei",sans-serif;color:#222;overflow-wrap:break-word;background:#fff}
h1{font-size:22px;line-height:1.4;margin:0 0 14px;font-weight:500}.by{font-size:15px;color:#999;margin:0 0 22px}
.by b{color:#576b95;font-weight:400;margin:0 8px}img,video{max-width:100%;height:auto!important}
table{border-collapse:collapse;max-width:100%}td,th{border:1px solid #ddd;padding:4px 8px}
pre{white-space:pre-wrap}.source{margin-top:28px;font-size:15px}.source a,.gone{color:#576b95}
.gone{text-align:center;padding-top:120px;color:#888}.draft{background:#fff7e0;color:#8a6100;font-size:13px;
padding:6px 12px;border-radius:6px;margin:0 0 16px}
"""


@dataclass
class Page:
    """An article under an address. `time` is when it came out, None while it is a draft."""

    article: Article
    account: str
    time: float | None
    deleted: bool = False


def render(page: Page | None) -> Reply:
    """This will be the page as WeChat shows it, or the words that it is gone."""
    if page is None or page.deleted:
        words = "该内容已被发布者删除" if page else "链接已过期或内容不存在"
        body = f'<p class="gone">{words}</p>'
        return _reply("微信公众平台", body, 200 if page else 404)
    article = page.article
    date = local(page.time).strftime("%Y年%m月%d日 %H:%M") if page.time else ""
    note = "" if page.time else '<p class="draft">预览，未发布</p>'
    byline = f'<p class="by">{escape(article.author)}<b>{escape(page.account)}</b>{date}</p>'
    pictures = "".join(f'<p><img src="{escape(file.path)}" alt=""></p>' for file in article.pictures)
    body = f"{note}<h1>{escape(article.title)}</h1>{byline}{pictures}{article.content}{_source(article)}"
    return _reply(article.title, body)


def _source(article: Article) -> str:
    if urlsplit(article.content_source_url).scheme not in ("http", "https"):
        return ""
    return f'<p class="source"><a href="{escape(article.content_source_url)}" rel="noreferrer">阅读原文</a></p>'


def _reply(title: str, body: str, status: int = 200) -> Reply:
    head = f"{META}<title>{escape(title)}</title><style>{STYLE}</style>"
    html = f'<!doctype html><html lang="zh-Hans"><head>{head}</head><body>{body}</body></html>'
    return Reply(html.encode("utf-8", "replace"), status, HTML, headers={"Content-Security-Policy": POLICY})

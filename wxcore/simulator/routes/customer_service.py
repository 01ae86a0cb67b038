"""Customer-service messages (客服消息): to one follower, while the window that their last act opened is open.

https://developers.weixin.qq.com/doc/service/api/customer/message/
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wxcore.simulator import bubbles
from wxcore.simulator.bubbles import Bubble
from wxcore.simulator.errors import WeChatError
from wxcore.simulator.publications import OK as PUBLISHED
from wxcore.simulator.routes.registry import OK, Call, route

CUSTOM = "/cgi-bin/message/custom"
NEWS_IN_ONE = 1
MEDIUM = {"media_id": str}
ARTICLE = {"title": str, "description": str, "url": str, "picurl": str}
BRANCHES: dict[str, Any] = {
    "text": {"content": str},
    "image": MEDIUM,
    "voice": MEDIUM,
    "video": {"media_id": str, "thumb_media_id": str, "title": str, "description": str},
    "music": {"title": str, "description": str, "musicurl": str, "hqmusicurl": str, "thumb_media_id": str},
    "news": {"articles": [ARTICLE]},
    "mpnews": MEDIUM,
    "mpnewsarticle": {"article_id": str},
    "msgmenu": {"head_content": str, "list": [{"id": str, "content": str}], "tail_content": str},
    "wxcard": {"card_id": str},
    "miniprogrampage": {"title": str, "appid": str, "pagepath": str, "thumb_media_id": str},
    "link": {"title": str, "description": str, "url": str, "thumb_url": str},
}
SHAPE = {
    "touser": str,
    "msgtype": str,
    **BRANCHES,
    "customservice": {"kf_account": str},
    "aimsgcontext": {"is_ai_msg": int},
}


@route("POST", f"{CUSTOM}/send", SHAPE)
def send(call: Call) -> dict[str, Any]:
    """A message that the follower sees at once.

    Who may be written to comes before what is written; a message that is refused for what it says uses nothing up.
    """
    number = _reachable(call)
    agent = call.body.get("customservice", {}).get("kf_account", "")
    if agent and agent not in call.owner.options.agents:
        raise WeChatError(65401)
    bubble = read_bubble(call)
    call.owner.contacts.spend(number, call.now)
    told = ({"agent": agent} if agent else {}) | ({"ai": True} if _is_ai(call) else {})
    call.owner.note(number, kind="service", time=call.now, **bubble, **told)
    return OK


@route("POST", f"{CUSTOM}/typing", {"touser": str, "command": str})
def typing(call: Call) -> dict[str, Any]:
    """Shows, or hides, that somebody types an answer."""
    if call.body.get("command") not in ("Typing", "CancelTyping"):
        raise WeChatError(45072)
    number = _reachable(call)
    call.owner.contacts.type(number, call.now, typing=call.body["command"] == "Typing")
    return OK


@route("GET", "/cgi-bin/customservice/getkflist")
def agents(call: Call) -> dict[str, Any]:
    """The customer-service agents of the account."""
    return {
        "kf_list": [
            {"kf_account": name, "kf_nick": name.partition("@")[0], "kf_id": str(1000 + at), "kf_headimgurl": ""}
            for at, name in enumerate(call.owner.options.agents, 1)
        ]
    }


@route("GET", "/cgi-bin/customservice/getonlinekflist")
def agents_online(call: Call) -> dict[str, Any]:
    """The same agents: here everybody is at their desk."""
    return {
        "kf_online_list": [
            {"kf_account": name, "status": 1, "kf_id": str(1000 + at), "accepted_case": 0}
            for at, name in enumerate(call.owner.options.agents, 1)
        ]
    }


def read_bubble(call: Call) -> Bubble:
    """This will be the message as the follower sees it.

    Raises 40008 for an unknown msgtype, 48008 for one of mini programs only, 45113, and what `bubbles` raises.
    """
    kind = call.body.get("msgtype", "")
    if kind not in READERS:
        raise WeChatError(48008 if kind == "link" else 40008)
    return READERS[kind](call, call.body.get(kind, {}))


def _reachable(call: Call) -> int:
    people = call.owner.followers
    number = people.number(call.openid("touser"))
    if number not in people.following:
        raise WeChatError(45015)
    if number in people.refusing:
        raise WeChatError(48002)
    return number


def _is_ai(call: Call) -> bool:
    return bool(call.body.get("aimsgcontext", {}).get("is_ai_msg"))


def _video(call: Call, branch: dict[str, str]) -> Bubble:
    if branch.get("thumb_media_id"):
        bubbles.find(call.owner, branch["thumb_media_id"], call.now, "thumb", "image")
    words = {name: branch.get(name, "") for name in ("title", "description")}
    return bubbles.video(call.owner, branch.get("media_id", ""), call.now, call.origin, **words)


def _music(call: Call, branch: dict[str, str]) -> Bubble:
    told = {"title": branch.get("title", ""), "description": branch.get("description", "")}
    addresses = {"url": branch.get("musicurl", ""), "hq_url": branch.get("hqmusicurl", "")}
    return bubbles.music(call.owner, call.now, call.origin, thumb=branch.get("thumb_media_id", ""), **told, **addresses)


def _news(call: Call, branch: dict[str, Any]) -> Bubble:
    links = [
        {"title": one.get("title", ""), "description": one.get("description", "")}
        | {"url": one.get("url", ""), "picture": one.get("picurl", "")}
        for one in branch.get("articles", [])
    ]
    return bubbles.news(links, most=NEWS_IN_ONE)


def _articles(call: Call, branch: dict[str, str]) -> Bubble:
    draft = call.owner.drafts.find(branch.get("media_id", ""))
    media_id = branch.get("media_id", "")
    articles = draft.articles if draft else bubbles.find(call.owner, media_id, call.now, "news").articles
    shown = [article.shown(call.origin, with_content=False) for article in articles]
    call.owner.show_preview(articles)
    return {"msgtype": "mpnews", "text": media_id, "articles": shown}


def _published(call: Call, branch: dict[str, str]) -> Bubble:
    wanted = branch.get("article_id", "")
    for found in call.world.publications.of(call.owner.appid):
        if found.article_id == wanted and found.status == PUBLISHED:
            numbered = [(index, one) for index, one in enumerate(found.articles, 1) if index not in found.dead]
            shown = [one.shown(call.origin, with_content=False, key=found.key(index)) for index, one in numbered]
            return {"msgtype": "mpnewsarticle", "text": wanted, "articles": shown}
    raise WeChatError(53600)


def _menu(call: Call, branch: dict[str, Any]) -> Bubble:
    choices = branch.get("list", [])
    if not choices or not all(choice.get("id") and choice.get("content") for choice in choices):
        raise WeChatError(44004)
    menu = {"head": branch.get("head_content", ""), "list": choices, "tail": branch.get("tail_content", "")}
    return {"msgtype": "msgmenu", "text": menu["head"], "menu": menu}


def _card(call: Call, branch: dict[str, str]) -> Bubble:
    if not call.owner.options.cards:
        raise WeChatError(45113)
    if not branch.get("card_id"):
        raise WeChatError(44004)
    return {"msgtype": "wxcard", "text": branch["card_id"], "card": {"card_id": branch["card_id"]}}


def _program(call: Call, branch: dict[str, str]) -> Bubble:
    thumb = branch.get("thumb_media_id", "")
    cover = bubbles.image(call.owner, thumb, call.now, call.origin)["images"][0]
    if not branch.get("appid") or not branch.get("pagepath"):
        raise WeChatError(44004)
    told = {name: branch.get(name, "") for name in ("title", "appid", "pagepath")}
    return {"msgtype": "miniprogrampage", "text": told["title"], "program": told | {"thumb": cover["url"]}}


READERS: dict[str, Callable[[Call, dict[str, Any]], Bubble]] = {
    "text": lambda call, branch: bubbles.text(branch.get("content", "")),
    "image": lambda call, branch: bubbles.image(call.owner, branch.get("media_id", ""), call.now, call.origin),
    "voice": lambda call, branch: bubbles.voice(call.owner, branch.get("media_id", ""), call.now, call.origin),
    "video": _video,
    "music": _music,
    "news": _news,
    "mpnews": _articles,
    "mpnewsarticle": _published,
    "msgmenu": _menu,
    "wxcard": _card,
    "miniprogrampage": _program,
}

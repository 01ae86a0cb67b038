"""WeChat's refusals, in WeChat's own words.

Numbers and texts are those of WeChat's return-code page:
https://developers.weixin.qq.com/doc/service/guide/dev/api/error.html
"""

from __future__ import annotations

from typing import Any

MORE = "could get access_token by getStableAccessToken, more details at https://mmbizurl.cn/s/JtxxFh33r"

MESSAGES = {
    -1: "system error",
    40001: f"invalid credential, access_token is invalid or not latest, {MORE}",
    40002: "invalid grant_type",
    40003: "invalid openid",
    40004: "invalid media type",
    40005: "invalid file type",
    40006: "invalid meida size",
    40007: "invalid media_id",
    40008: "invalid message type",
    40009: "invalid image size",
    40010: "invalid voice size",
    40011: "invalid video size",
    40012: "invalid thumb size",
    40013: "invalid appid",
    40014: "invalid access_token",
    40016: "invalid button size",
    40017: "invalid button type",
    40018: "invalid button name size",
    40019: "invalid button key size",
    40020: "invalid button url size",
    40022: "invalid sub_menu level",
    40023: "invalid sub button size",
    40024: "invalid sub button type",
    40025: "invalid sub button name size",
    40026: "invalid sub button key size",
    40027: "invalid sub button url size",
    40031: "invalid openid list",
    40032: "invalid openid list size",
    40033: "invalid charset. please check your request, if include \\uxxxx will create fail!",
    40035: "invalid args size",
    40050: "invalid timeline type",
    40051: "invalid group name",
    40054: "invalid sub button url domain",
    40055: "invalid button url domain",
    40059: "invalid msg id",
    40060: "invalid article idx",
    40062: "invalid title size",
    40065: "invalid msg status",
    40066: "invalid url",
    40092: "invalid remark name",
    40114: "invalid index value",
    40125: "invalid appsecret",
    40130: "invalid openid list size, at least two openid",
    40132: "invalid username",
    40152: "invalid group id",
    40164: "invalid ip {ip} ipv6 ::ffff:{ip}, not in whitelist",
    40201: "invalid check url",
    40202: "invalid check action",
    40203: "invalid check operator",
    40215: "invalid image count",
    40243: "AppSecret frozen",
    41001: "access_token missing",
    41002: "appid missing",
    41004: "appsecret missing",
    41005: "media data missing",
    41006: "media_id missing",
    41009: "missing openid",
    41039: "invalid content_source_url",
    42001: f"access_token expired, {MORE}",
    43001: "require GET method",
    43002: "require POST method",
    43004: "require subscribe",
    44001: "empty media data",
    44002: "empty post data",
    44003: "empty news data",
    44004: "empty content",
    45001: "media size out of limit",
    45002: "content size out of limit",
    45003: "title size out of limit",
    45004: "description size out of limit",
    45005: "url size out of limit",
    45007: "playtime out of limit",
    45008: "article size out of limit",
    45009: f"reach max api daily quota limit, {MORE}",
    45011: "api minute-quota reach limit  mustslower  retry next minute",
    45015: "response out of time limit or subscription is canceled",
    45028: "has no masssend quota",
    45034: "media file count is out of limit",
    45047: "out of response count limit",
    45056: "too many tag now, no need to add new",
    45057: "can't delete the tag that has too many fans",
    45058: "can't modify sys tag",
    45059: "can not tagging one user too much",
    45065: "clientmsgid exist",
    45066: "same clientmsgid retry too fast",
    45067: "clientmsgid size out of limit",
    45072: "invalid command",
    45076: "invalid count",
    45080: "need sending message to user, or recving message from user in the last 30 seconds before typing",
    45081: "you are already typing",
    45083: "the speed out of range",
    45084: "No speed message",
    45103: "This API has been unsupported",
    45110: "author size out of limit",
    45113: "card message unsupported",
    45157: "invalid tag name",
    45158: "tag name too long",
    45159: "invalid tag id",
    45164: "invalid offset",
    45166: "invalid content",
    46003: "menu no exist",
    47001: "data format error",
    47002: "data format error, do NOT use json unicode encode (\\uxxxx\\uxxxx), please use utf8 encoded text!",
    48001: "api unauthorized",
    48002: "user block receive message",
    48003: "user not agree mass-send protocol",
    48004: "api forbidden for irregularities, view detail on mp.weixin.qq.com",
    48005: "forbid to delete material used by auto-reply or menu",
    48006: "forbid to clear quota because of reaching the limit",
    48008: "no permission for this msgtype",
    48013: "video not uploaded by the new interface",
    48014: "video audit status abnormal",
    48021: "draft only auto-saved",
    49003: "not match openid with appid",
    61500: "date format error",
    61501: "date range error",
    61503: "data not ready, please try later",
    65401: "invalid custom service account",
    76001: "rid not found",
    76002: "rid is error",
    76003: "no permission",
    76004: "rid time is error",
    76021: "cgi_path not found, please check",
    53500: "publish banned",
    53501: "publish too frequent",
    53502: "invalid publish id",
    53503: "draft did not pass the publish check",
    53504: "draft must be used on the website",
    53505: "save manually first",
    53600: "invalid article id",
    88000: "without comment privilege",
    88001: "msg_data is not exists",
    88002: "the article is limit for safety",
    88003: "elected comment upper limit",
    88004: "comment was deleted by user",
    88005: "already reply",
    88007: "reply content beyond max len or content len is zero",
    88008: "comment is not exists",
    88009: "reply is not exists",
    88010: "count range error. cout <= 0 or count > 50",
    89504: "waiting for admin confirmation",
    89505: "waiting for admin confirmation, retry later",
    65301: "this menu is not conditionalmenu",
    65302: "no such user",
    65303: "there is no selfmenu, please create selfmenu first",
    65304: "match rule empty",
    65307: "conditional menu is empty",
    65315: "not fans",
    65316: "domain count reach limit",
    65320: "match rule violates privacy",
}


class WeChatError(Exception):
    """A refusal: `code` is WeChat's errcode, `message` its words, `extra` the further fields of the answer."""

    def __init__(self, code: int, message: str | None = None, **extra: Any) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message or MESSAGES.get(code, "system error")
        self.extra = extra

    def body(self, rid: str) -> dict[str, Any]:
        """This will be the JSON of the answer; the rid at the tail is why nobody may compare the text."""
        return {"errcode": self.code, "errmsg": f"{self.message} rid: {rid}", **self.extra}


class ControlError(Exception):
    """A request to the control plane that makes no sense: answered with `status` and {"error": message}."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.message = message
        self.status = status

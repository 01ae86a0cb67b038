"""One push of every kind, as WeChat sends it: the rows of the event table in docs/callbacks.md.

They are from one follower, oU1, at one moment. Spelling, CDATA and empty elements are WeChat's, by its own pages.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from wxcore.wechat import messages
from wxcore.wechat.messages import EVENT_KINDS, MESSAGE_KINDS

OPENID = "oU1"
TIME = 1711931950
HEAD = (
    f"<ToUserName><![CDATA[gh_123456789abc]]></ToUserName>\n<FromUserName><![CDATA[{OPENID}]]></FromUserName>\n"
    f"<CreateTime>{TIME}</CreateTime>\n"
)


@dataclass(frozen=True)
class Sample:
    """`name` is the MsgType, or the Event, as WeChat spells it."""

    name: str
    body: bytes

    @property
    def push(self) -> type[messages.Push]:
        """The class that it is read as."""
        kind = (MESSAGE_KINDS if self.name in MESSAGE_KINDS else EVENT_KINDS)[self.name.lower()]
        return kind.push


def _message(kind: str, fields: str) -> Sample:
    body = f"<xml>{HEAD}<MsgType><![CDATA[{kind}]]></MsgType>\n{fields}\n<MsgId>1234567890123456</MsgId></xml>"
    return Sample(kind, body.encode())


def _event(name: str, fields: str = "<EventKey><![CDATA[]]></EventKey>") -> Sample:
    body = f"<xml>{HEAD}<MsgType><![CDATA[event]]></MsgType>\n<Event><![CDATA[{name}]]></Event>\n{fields}\n</xml>"
    return Sample(name, body.encode())


_MESSAGES = [
    _message("text", "<Content><![CDATA[this is a test]]></Content>"),
    _message("image", "<PicUrl><![CDATA[http://mmbiz.qpic.cn/a]]></PicUrl><MediaId><![CDATA[m-image]]></MediaId>"),
    _message("voice", "<MediaId><![CDATA[m-voice]]></MediaId><Format><![CDATA[amr]]></Format>"),
    _message("video", "<MediaId><![CDATA[m-video]]></MediaId><ThumbMediaId><![CDATA[m-thumb]]></ThumbMediaId>"),
    _message("shortvideo", "<MediaId><![CDATA[m-short]]></MediaId><ThumbMediaId><![CDATA[m-thumb]]></ThumbMediaId>"),
    _message(
        "location",
        "<Location_X>23.134521</Location_X><Location_Y>113.358803</Location_Y><Scale>20</Scale>"
        "<Label><![CDATA[广州市天河区]]></Label>",
    ),
    _message(
        "link",
        "<Title><![CDATA[公众平台官网链接]]></Title><Description><![CDATA[公众平台官网链接]]></Description>"
        "<Url><![CDATA[https://mp.weixin.qq.com]]></Url>",
    ),
    _message(
        "file",
        "<Title><![CDATA[价目表.pdf]]></Title><Description><![CDATA[]]></Description><FileKey><![CDATA[k]]></FileKey>"
        "<FileMd5><![CDATA[d41d8cd98f00b204e9800998ecf8427e]]></FileMd5><FileTotalLen>1024</FileTotalLen>",
    ),
]

_CODE = (
    "<ScanCodeInfo><ScanType><![CDATA[qrcode]]></ScanType><ScanResult><![CDATA[https://e.cn]]></ScanResult>"
    "</ScanCodeInfo>"
)
_PICTURES = (
    "<EventKey><![CDATA[PHOTOS]]></EventKey><SendPicsInfo><Count>1</Count><PicList><item>"
    "<PicMd5Sum><![CDATA[1b5f7c23b5bf75682a53e7b6d163e185]]></PicMd5Sum></item></PicList></SendPicsInfo>"
)
_FOLLOWER = [
    _event("subscribe", "<EventKey><![CDATA[qrscene_spring2024]]></EventKey><Ticket><![CDATA[TICKET]]></Ticket>"),
    _event("unsubscribe"),
    _event("SCAN", "<EventKey><![CDATA[shop-3]]></EventKey><Ticket><![CDATA[TICKET]]></Ticket>"),
    _event(
        "LOCATION",
        "<Latitude>23.137466</Latitude><Longitude>113.352425</Longitude><Precision>119.385040</Precision>",
    ),
    _event("CLICK", "<EventKey><![CDATA[HELP]]></EventKey>"),
    _event("VIEW", "<EventKey><![CDATA[https://example.com/page?type=1]]></EventKey><MenuId>421351906</MenuId>"),
    _event("view_miniprogram", "<EventKey><![CDATA[pages/index/index]]></EventKey><MenuId>421351906</MenuId>"),
    _event("scancode_push", f"<EventKey><![CDATA[SCAN]]></EventKey>{_CODE}"),
    _event("scancode_waitmsg", f"<EventKey><![CDATA[SCAN]]></EventKey>{_CODE}"),
    _event("pic_sysphoto", _PICTURES),
    _event("pic_photo_or_album", _PICTURES),
    _event("pic_weixin", _PICTURES),
    _event(
        "location_select",
        "<EventKey><![CDATA[PLACE]]></EventKey><SendLocationInfo><Location_X><![CDATA[23]]></Location_X>"
        "<Location_Y><![CDATA[113]]></Location_Y><Scale><![CDATA[15]]></Scale><Label><![CDATA[广州市海珠区]]></Label>"
        "<Poiname><![CDATA[]]></Poiname></SendLocationInfo>",
    ),
    _event("user_enter_tempsession", "<SessionFrom><![CDATA[wxapp]]></SessionFrom>"),
    _event("kf_create_session", "<KfAccount><![CDATA[anna@gh_1]]></KfAccount>"),
    _event("kf_close_session", "<KfAccount><![CDATA[anna@gh_1]]></KfAccount><CloseType><![CDATA[KF]]></CloseType>"),
    _event(
        "kf_switch_session",
        "<FromKfAccount><![CDATA[anna@gh_1]]></FromKfAccount><ToKfAccount><![CDATA[bert@gh_1]]></ToKfAccount>",
    ),
]

_PUBLISHED = (
    "<PublishEventInfo><publish_id>2247503051</publish_id><publish_status>0</publish_status>"
    "<article_id><![CDATA[ARTICLE_ID]]></article_id><article_detail><count>1</count><item><idx>1</idx>"
    "<article_url><![CDATA[https://mp.weixin.qq.com/s/one]]></article_url></item></article_detail></PublishEventInfo>"
)
_JOBS = [
    _event(
        "MASSSENDJOBFINISH",
        "<MsgID>3162228393</MsgID><Status><![CDATA[send success]]></Status><TotalCount>100</TotalCount>"
        "<FilterCount>80</FilterCount><SentCount>75</SentCount><ErrorCount>5</ErrorCount>"
        "<CopyrightCheckResult><Count>0</Count><ResultList></ResultList><CheckState>0</CheckState>"
        "</CopyrightCheckResult><ArticleUrlResult><Count>1</Count><ResultList><item><ArticleIdx>1</ArticleIdx>"
        "<ArticleUrl><![CDATA[http://mp.weixin.qq.com/s/one]]></ArticleUrl></item></ResultList></ArticleUrlResult>",
    ),
    _event("PUBLISHJOBFINISH", _PUBLISHED),
    _event("FREEPUBLISHJOBFINISH", _PUBLISHED),
    _event("TEMPLATESENDJOBFINISH", "<MsgID>200163836</MsgID><Status><![CDATA[failed:user block]]></Status>"),
]

_NOTICES = [
    _event(
        "subscribe_msg_popup_event",
        "<SubscribeMsgPopupEvent><List><TemplateId><![CDATA[T-1]]></TemplateId>"
        "<SubscribeStatusString><![CDATA[accept]]></SubscribeStatusString><PopupScene>2</PopupScene></List>"
        "<List><TemplateId><![CDATA[T-2]]></TemplateId>"
        "<SubscribeStatusString><![CDATA[reject]]></SubscribeStatusString><PopupScene>2</PopupScene></List>"
        "</SubscribeMsgPopupEvent>",
    ),
    _event(
        "subscribe_msg_change_event",
        "<SubscribeMsgChangeEvent><List><TemplateId><![CDATA[T-1]]></TemplateId>"
        "<SubscribeStatusString><![CDATA[reject]]></SubscribeStatusString></List></SubscribeMsgChangeEvent>",
    ),
    _event(
        "subscribe_msg_sent_event",
        "<SubscribeMsgSentEvent><List><TemplateId><![CDATA[T-1]]></TemplateId><MsgID>1700827132819554304</MsgID>"
        "<ErrorCode>0</ErrorCode><ErrorStatus><![CDATA[success]]></ErrorStatus></List>"
        "<List><TemplateId><![CDATA[T-2]]></TemplateId><MsgID>1700827132819554305</MsgID>"
        "<ErrorCode>43101</ErrorCode><ErrorStatus><![CDATA[user refuse]]></ErrorStatus></List></SubscribeMsgSentEvent>",
    ),
]

_PERSON = f"<OpenID><![CDATA[{OPENID}]]></OpenID><AppID><![CDATA[wx13974bf780d3dc89]]></AppID>"
_ENDS = "<ExpiredTime>1900000000</ExpiredTime>"
_FAILED = "<FailTime>1711931900</FailTime><FailReason><![CDATA[by time]]></FailReason>"
_ACCOUNT = [
    _event("user_info_modified", f"{_PERSON}<RevokeInfo><![CDATA[301]]></RevokeInfo>"),
    _event("user_authorization_revoke", f"{_PERSON}<RevokeInfo><![CDATA[301]]></RevokeInfo>"),
    _event("user_authorization_cancellation", f"{_PERSON}<RevokeInfo><![CDATA[301]]></RevokeInfo>"),
    _event("qualification_verify_success", _ENDS),
    _event("qualification_verify_fail", _FAILED),
    _event("naming_verify_success", _ENDS),
    _event("naming_verify_fail", _FAILED),
    _event("annual_renew", _ENDS),
    _event("verify_expired", _ENDS),
]

_CARD = "<CardId><![CDATA[card-1]]></CardId><UserCardCode><![CDATA[12312312]]></UserCardCode>"
_CARDS = [_event(name, _CARD) for name, kind in EVENT_KINDS.items() if kind.push is messages.CardEvent]

SAMPLES = {sample.name: sample for sample in (*_MESSAGES, *_FOLLOWER, *_JOBS, *_NOTICES, *_ACCOUNT, *_CARDS)}


def _json(name: str, **fields: Any) -> Sample:
    kind = {"MsgType": "event", "Event": name} if name.lower() in EVENT_KINDS else {"MsgType": name, "MsgId": 12345}
    common = {"ToUserName": "gh_123456789abc", "FromUserName": OPENID, "CreateTime": TIME}
    return Sample(name, json.dumps(common | kind | fields, ensure_ascii=False).encode())


# Of a mini program that chose JSON: they mean what the sample of the same name means.
JSON_SAMPLES = {
    sample.name: sample
    for sample in (
        _json("text", Content="this is a test"),
        _json("image", PicUrl="http://mmbiz.qpic.cn/a", MediaId="m-image"),
        _json("user_enter_tempsession", SessionFrom="wxapp"),
        _json(
            "subscribe_msg_popup_event",
            List=[
                {"TemplateId": "T-1", "SubscribeStatusString": "accept", "PopupScene": "0"},
                {"TemplateId": "T-2", "SubscribeStatusString": "reject", "PopupScene": "0"},
            ],
        ),
        _json("subscribe_msg_change_event", List={"TemplateId": "T-1", "SubscribeStatusString": "reject"}),
        _json("user_authorization_revoke", OpenID=OPENID, AppID="wx13974bf780d3dc89", RevokeInfo="1"),
    )
}

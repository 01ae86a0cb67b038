"""Every event that WeChat pushes, with fields as they look in real traffic (事件推送).

https://developers.weixin.qq.com/doc/service/guide/product/message/Receiving_event_pushes.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wxcore.simulator.envelopes import Repeated

if TYPE_CHECKING:
    from wxcore.simulator.accounts import Account

Fields = dict[str, Any]
TEMPLATE = "Y8cd4OPTezs3MfyEXAMPLE_template_id_000000000"
TICKET = "gQH47joAAAAAAAAAASxodHRwOi8vd2VpeGluLnFxLmNvbS9xL2taZ2Z3TVRtNzJXV1Brb3ZhYmJJAAIEZ23sUwMEmm3sUw=="
PLACE = {
    "Location_X": "31.2304",
    "Location_Y": "121.4737",
    "Scale": "16",
    "Label": "上海市黄浦区",
    "Poiname": "人民广场",
}
SCANNED = {"ScanType": "qrcode", "ScanResult": "https://example.com/item/1"}
PICTURES = {"Count": 1, "PicList": [{"PicMd5Sum": "5a75aaca956d97be686719218f275c6b"}]}
COPYRIGHT = {"Count": 0, "ResultList": [], "CheckState": 0}
ARTICLE = {"count": 1, "item": [{"idx": 1, "article_url": "https://mp.weixin.qq.com/s/EXAMPLE"}]}
REPEATED = ("List", "item", "fail_idx")  # elements that are repeated; other lists are one element with items
EXPIRES, FAILED = {"ExpiredTime": 1893456000}, {"FailTime": 1893456000, "FailReason": "材料不符"}
CARD = {"CardId": "pFS7Fjg8kV1IdDz01r4SQwMkuCKc", "UserCardCode": "12312312"}
REVOKED = {"OpenID": "", "AppID": "", "RevokeInfo": "1"}
CARD_EVENTS = (
    *("card_pass_check", "card_not_pass_check", "user_get_card", "user_gifting_card", "user_del_card"),
    *("user_consume_card", "user_pay_from_pay_cell", "user_view_card", "user_enter_session_from_card"),
    *("update_member_card", "card_sku_remind", "card_pay_order", "submit_membercard_user_info"),
)
SAMPLES: dict[str, Fields] = {
    "subscribe": {"EventKey": ""},
    "unsubscribe": {"EventKey": ""},
    "SCAN": {"EventKey": "spring2026", "Ticket": TICKET},
    "LOCATION": {"Latitude": 31.2304, "Longitude": 121.4737, "Precision": 40.0},
    "CLICK": {"EventKey": "CONTACT_US"},
    "VIEW": {"EventKey": "https://example.com/", "MenuId": 421351906},
    "view_miniprogram": {"EventKey": "pages/index/index", "MenuId": 421351906},
    "scancode_push": {"EventKey": "SCAN", "ScanCodeInfo": SCANNED},
    "scancode_waitmsg": {"EventKey": "SCAN", "ScanCodeInfo": SCANNED},
    "pic_sysphoto": {"EventKey": "PHOTO", "SendPicsInfo": PICTURES},
    "pic_photo_or_album": {"EventKey": "PHOTO", "SendPicsInfo": PICTURES},
    "pic_weixin": {"EventKey": "PHOTO", "SendPicsInfo": PICTURES},
    "location_select": {"EventKey": "PLACE", "SendLocationInfo": PLACE},
    "user_enter_tempsession": {"SessionFrom": "wxapp"},
    "kf_create_session": {"KfAccount": "kf2001@shop"},
    "kf_close_session": {"KfAccount": "kf2001@shop"},
    "kf_switch_session": {"FromKfAccount": "kf2001@shop", "ToKfAccount": "kf2002@shop"},
    "subscribe_msg_popup_event": {
        "SubscribeMsgPopupEvent": {
            "List": [
                {"TemplateId": TEMPLATE, "SubscribeStatusString": "accept", "PopupScene": "1"},
                {"TemplateId": TEMPLATE.lower(), "SubscribeStatusString": "reject", "PopupScene": "1"},
            ]
        }
    },
    "subscribe_msg_change_event": {
        "SubscribeMsgChangeEvent": {"List": [{"TemplateId": TEMPLATE, "SubscribeStatusString": "reject"}]}
    },
    "subscribe_msg_sent_event": {
        "SubscribeMsgSentEvent": {
            "List": [
                {"TemplateId": TEMPLATE, "MsgID": "1864323726461255680", "ErrorCode": "0", "ErrorStatus": "success"}
            ]
        }
    },
    "user_info_modified": REVOKED,
    "user_authorization_revoke": REVOKED,
    "user_authorization_cancellation": REVOKED,
    "qualification_verify_success": EXPIRES,
    "qualification_verify_fail": FAILED,
    "naming_verify_success": EXPIRES,
    "naming_verify_fail": FAILED,
    "annual_renew": EXPIRES,
    "verify_expired": EXPIRES,
    **dict.fromkeys(CARD_EVENTS, CARD),
    "MASSSENDJOBFINISH": {
        "MsgID": 3162228393,
        "Status": "send success",
        "TotalCount": 100,
        "FilterCount": 80,
        "SentCount": 75,
        "ErrorCount": 5,
        "CopyrightCheckResult": COPYRIGHT,
        "ArticleUrlResult": {"Count": 0, "ResultList": []},
    },
    "TEMPLATESENDJOBFINISH": {"MsgID": 200163836, "Status": "success"},
    "PUBLISHJOBFINISH": {
        "PublishEventInfo": {
            "publish_id": 2247503051,
            "publish_status": 0,
            "article_id": "EXAMPLE_article_id",
            "article_detail": ARTICLE,
        }
    },
}


def fields_of(event: str, account: Account, openid: str, given: Fields) -> Fields:
    """This will be an event's fields: the sample's, changed by `given`; a field that is null there is left out.

    An event that nobody knows has the given fields and no other.
    """
    named = {name.lower(): name for name in SAMPLES}
    sample = dict(SAMPLES.get(named.get(event.lower(), ""), {}))
    if "OpenID" in sample:
        sample |= {"OpenID": openid, "AppID": account.appid}
    told = {name: _arranged(value, name) for name, value in (sample | given).items()}
    return {name: value for name, value in told.items() if value is not None}


def _arranged(value: Any, name: str) -> Any:
    if isinstance(value, dict):
        return {key: _arranged(part, key) for key, part in value.items()}
    if isinstance(value, list):
        parts = [_arranged(part, name) for part in value]
        return Repeated(parts) if name in REPEATED else parts
    return value

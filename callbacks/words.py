"""What WeChat's pushes are called by people: a name for each kind that `wxcore.wechat.messages` knows."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from wxcore.wechat.messages import EVENT_KINDS, MESSAGE_KINDS

MESSAGES = {
    "text": _("Text message"),
    "image": _("Picture message"),
    "voice": _("Voice message"),
    "video": _("Video message"),
    "shortvideo": _("Short video message"),
    "location": _("Place message"),
    "link": _("Link message"),
    "file": _("File message"),
}
EVENTS = {
    "subscribe": _("New follower"),
    "unsubscribe": _("Follower left"),
    "scan": _("QR code scanned"),
    "location": _("Position of a phone"),
    "click": _("Menu: button tapped"),
    "view": _("Menu: page opened"),
    "view_miniprogram": _("Menu: mini program opened"),
    "scancode_push": _("Menu: code scanned"),
    "scancode_waitmsg": _("Menu: code scanned, answer expected"),
    "pic_sysphoto": _("Menu: photo taken"),
    "pic_photo_or_album": _("Menu: photo taken or chosen"),
    "pic_weixin": _("Menu: picture chosen"),
    "location_select": _("Menu: place sent"),
    "user_enter_tempsession": _("Customer service: opened"),
    "kf_create_session": _("Customer service: talk begun"),
    "kf_close_session": _("Customer service: talk ended"),
    "kf_switch_session": _("Customer service: handed over"),
    "masssendjobfinish": _("Result of a mass message"),
    "publishjobfinish": _("Result of a publication"),
    "freepublishjobfinish": _("Result of a publication"),
    "templatesendjobfinish": _("Result of a template message"),
    "subscribe_msg_popup_event": _("Notices: choice made"),
    "subscribe_msg_change_event": _("Notices: choice changed"),
    "subscribe_msg_sent_event": _("Notices: result"),
    "user_info_modified": _("Follower: profile changed"),
    "user_authorization_revoke": _("Follower: data withdrawn"),
    "user_authorization_cancellation": _("Follower: WeChat account closed"),
    "qualification_verify_success": _("Verification: qualification accepted"),
    "qualification_verify_fail": _("Verification: qualification refused"),
    "naming_verify_success": _("Verification: name accepted"),
    "naming_verify_fail": _("Verification: name refused"),
    "annual_renew": _("Verification: due again"),
    "verify_expired": _("Verification: expired"),
    "card_pass_check": _("Card: accepted"),
    "card_not_pass_check": _("Card: refused"),
    "user_get_card": _("Card: taken"),
    "user_gifting_card": _("Card: given away"),
    "user_del_card": _("Card: deleted"),
    "user_consume_card": _("Card: used"),
    "user_pay_from_pay_cell": _("Card: paid with"),
    "user_view_card": _("Card: looked at"),
    "user_enter_session_from_card": _("Card: asked about"),
    "update_member_card": _("Card: membership changed"),
    "card_sku_remind": _("Card: stock low"),
    "card_pay_order": _("Card: quota bought"),
    "submit_membercard_user_info": _("Card: membership activated"),
}


def of(msg_type: str, event: str) -> str:
    """This will be what people call a push; of one that nobody knows, WeChat's own name."""
    known = EVENTS.get(event) if event else MESSAGES.get(msg_type)
    return str(known or event or msg_type)


def spelled(msg_type: str, event: str) -> str:
    """This will be WeChat's own name of a push, as WeChat spells it."""
    kind = EVENT_KINDS.get(event) if event else MESSAGE_KINDS.get(msg_type)
    return kind.name if kind else event or msg_type

"""What the demo account has besides its text campaign: drawn pictures, a draft of three articles, its campaign."""

from __future__ import annotations

import io
import math

from PIL import Image, ImageDraw

from campaigns import drafts, library
from campaigns.models import Campaign, Draft, MediaAsset, MsgType
from wxcore.models import OfficialAccount

Colour = tuple[int, int, int]

COVER = (1080, 460)  # WeChat shows the first cover at 2.35:1
PICTURE = (1080, 720)
PALETTES: tuple[tuple[Colour, Colour], ...] = (
    ((214, 48, 49), (253, 203, 110)),
    ((9, 132, 227), (116, 235, 213)),
    ((108, 92, 231), (253, 121, 168)),
    ((0, 148, 115), (186, 220, 88)),
)
NAME = "双十二会员日图文"

HEADING = '<h2 style="font-size: 18px; color: {colour}; text-align: center">{text}</h2>'
PARAGRAPH = '<p style="line-height: 1.75; margin: 0 0 16px">{text}</p>'
QUOTE = '<blockquote style="border-left: 3px solid {colour}; padding: 8px 12px; color: #666666">{text}</blockquote>'
PHOTO = '<p style="text-align: center"><img src="{url}" alt="{text}" style="width: 100%; border-radius: 8px"></p>'


def create(account: OfficialAccount) -> Campaign:
    """This will be a campaign that sends three articles with covers and pictures to everybody, still a draft."""
    covers = [_store(account, f"封面{number}.jpg", COVER, number) for number in range(3)]
    photos = [_store(account, f"配图{number}.jpg", PICTURE, number + 1) for number in range(3)]
    draft = _draft(account, covers, photos)
    return Campaign.objects.create(account=account, name=NAME, msgtype=MsgType.MPNEWS, draft=draft)


def picture(size: tuple[int, int], number: int) -> bytes:
    """This will be a JPEG: a gradient with circles, the same for the same number."""
    width, height = size
    start, end = PALETTES[number % len(PALETTES)]
    column = Image.new("RGB", (1, height))
    for y in range(height):
        column.putpixel((0, y), _between(start, end, y / height))
    image = column.resize(size)
    shapes = ImageDraw.Draw(image, "RGBA")
    for step in range(7):
        angle = number + step * 2.4
        x, y = width * (0.5 + 0.42 * math.cos(angle)), height * (0.5 + 0.38 * math.sin(angle))
        radius = height * (0.10 + 0.035 * step)
        shapes.ellipse((x - radius, y - radius, x + radius, y + radius), fill=(255, 255, 255, 34 + 6 * step))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=88)
    return out.getvalue()


def _between(start: Colour, end: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(start, end, strict=True))
    return red, green, blue


def _store(account: OfficialAccount, name: str, size: tuple[int, int], number: int) -> MediaAsset:
    return library.store_bytes(account, picture(size, number), name=name, by=None).asset


def _draft(account: OfficialAccount, covers: list[MediaAsset], photos: list[MediaAsset]) -> Draft:
    bodies = (
        HEADING.format(colour="#d63031", text="12 月 12 日，会员专享")
        + PARAGRAPH.format(text="一年一次的会员日来了。当天全场<strong>满 300 减 60</strong>，会员折上再享 9 折。")
        + PHOTO.format(url=photos[0].file_url, text="会场")
        + QUOTE.format(colour="#d63031", text="活动时间：12 月 12 日 10:00 至 24:00，线上线下同价。")
        + "<ul><li>会员提前一小时进场</li><li>前 500 名赠定制帆布袋</li><li>积分翻倍，次日到账</li></ul>",
        HEADING.format(colour="#0984e3", text="直播间三大看点")
        + PARAGRAPH.format(text="当晚 20 点，主理人带你逛新品，并抽取 10 位免单。")
        + PHOTO.format(url=photos[1].file_url, text="直播")
        + '<table style="width: 100%; border-collapse: collapse"><tbody>'
        "<tr><td>20:00</td><td>新品首发</td></tr><tr><td>20:40</td><td>免单抽奖</td></tr>"
        "<tr><td>21:20</td><td>会员问答</td></tr></tbody></table>",
        HEADING.format(colour="#6c5ce7", text="这样到店")
        + PARAGRAPH.format(text="地铁 2 号线、10 号线均可到达；当天延长营业至 24 点。")
        + PHOTO.format(url=photos[2].file_url, text="门店"),
    )
    heads = (
        ("双十二会员日：全场满 300 减 60", "会员折上 9 折，直播间抽 10 位免单。"),
        ("今晚 20 点直播间见", "新品首发、免单抽奖、会员问答。"),
        ("到店指南：怎么来最方便", "地铁直达，当天营业至 24 点。"),
    )
    articles = [
        {
            "title": title,
            "author": "示例服务号",
            "digest": digest,
            "body": body,
            "cover": cover.pk,
            "source_url": "",
            "need_open_comment": False,
            "only_fans_can_comment": False,
        }
        for (title, digest), body, cover in zip(heads, bodies, covers, strict=True)
    ]
    return drafts.create(account, None, articles)

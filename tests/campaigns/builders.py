"""Rows that many tests need and no test is about."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile

from campaigns.models import Article, Draft, MediaAsset
from wxcore.models import OfficialAccount

MIMES = {"image": "image/jpeg", "voice": "audio/mpeg", "video": "video/mp4", "thumb": "image/jpeg"}


def make_asset(
    account: OfficialAccount, kind: str, name: str, *, content: bytes = b"content", **fields: Any
) -> MediaAsset:
    """This will be a file of the library whose content nobody looks at."""
    asset = MediaAsset(
        account=account,
        kind=kind,
        name=name,
        sha256=f"{MediaAsset.objects.count():064d}",
        **({"mime": MIMES[kind], "size": 1000, "seconds": 2.0 if kind in ("voice", "video") else None} | fields),
    )
    asset.file.save("file.bin", ContentFile(content), save=False)
    asset.save()
    return asset


def make_draft(account: OfficialAccount, *titles: str, **fields: Any) -> Draft:
    """This will be a draft with these articles, each with a cover, a body and `fields`."""
    titles = titles or ("双十二",)
    draft = Draft.objects.create(account=account, title=titles[0])
    cover = make_asset(account, "image", "封面.jpg")
    for position, title in enumerate(titles, start=1):
        given = {"body": f"<p>{title}</p>", "cover": cover} | fields
        Article.objects.create(draft=draft, position=position, title=title, **given)
    return draft

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from PIL import Image

from campaigns import drafts
from campaigns.models import Draft, MediaAsset, MediaKind
from wxcore.models import OfficialAccount

MakePicture = Callable[..., MediaAsset]


@pytest.fixture
def author(db: None) -> User:
    return User.objects.create_user("author", password="author-password")


@pytest.fixture
def colleague(db: None) -> User:
    return User.objects.create_user("colleague", password="colleague-password")


@pytest.fixture
def draft(account: OfficialAccount, author: User) -> Draft:
    """Saved once, with one article."""
    return drafts.create(account, author, [article("第一篇")])


@pytest.fixture
def make_picture(account: OfficialAccount, settings: Any, tmp_path: Any) -> MakePicture:
    """`make_picture()`: a picture in the library of the account, or of another one."""
    settings.MEDIA_ROOT = tmp_path / "files"

    def make(owner: OfficialAccount = account, colour: str = "green") -> MediaAsset:
        content = picture(colour)
        asset = MediaAsset(
            account=owner,
            kind=MediaKind.IMAGE,
            name=f"{colour}.png",
            sha256=hashlib.sha256(content).hexdigest(),
            mime="image/png",
            size=len(content),
            width=94,
            height=40,
        )
        asset.file.save(f"{colour}.png", ContentFile(content), save=False)
        asset.save()
        return asset

    return make


def article(title: str = "", body: str = "", **fields: Any) -> dict[str, Any]:
    return {"title": title, "body": body, **fields}


def picture(colour: str = "green", kind: str = "PNG") -> bytes:
    """This will be a small picture in the shape of a cover."""
    file = io.BytesIO()
    Image.new("RGB", (94, 40), colour).save(file, kind)
    return file.getvalue()


def titles(draft: Draft) -> list[str]:
    return [row.title for row in draft.articles.order_by("position")]

"""The HTML of an article: cleaned for us, made ready for WeChat, compared. Knows no model and no network."""

from campaigns.bodies.cleaning import clean
from campaigns.bodies.errors import (
    BodyTooDeep,
    BodyTooHeavy,
    BodyTooLarge,
    BodyTooLong,
    EmptyBody,
    ForeignPicture,
)
from campaigns.bodies.pictures import data_picture, pictures, replace_pictures
from campaigns.bodies.reading import Difference, default_digest, differences, text
from campaigns.bodies.wechat import as_kept, check, for_wechat

__all__ = [
    "BodyTooDeep",
    "BodyTooHeavy",
    "BodyTooLarge",
    "BodyTooLong",
    "Difference",
    "EmptyBody",
    "ForeignPicture",
    "as_kept",
    "check",
    "clean",
    "data_picture",
    "default_digest",
    "differences",
    "for_wechat",
    "pictures",
    "replace_pictures",
    "text",
]

"""WeChat's paths, one resource a file. Importing this package fills the table of `registry`."""

from wxcore.simulator.routes import (
    blacklist,
    broadcasts,
    comments,
    customer_service,
    datacube,
    diagnostics,
    drafts,
    groups,
    materials,
    media,
    menus,
    publishing,
    qrcodes,
    tags,
    tokens,
    users,
)
from wxcore.simulator.routes.registry import ROUTES, answer

__all__ = [
    "ROUTES",
    "answer",
    "blacklist",
    "broadcasts",
    "comments",
    "customer_service",
    "datacube",
    "diagnostics",
    "drafts",
    "groups",
    "materials",
    "media",
    "menus",
    "publishing",
    "qrcodes",
    "tags",
    "tokens",
    "users",
]

"""What WeChat tells of somebody: sex, place, language, and how they came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from followers.conditions.base import Condition, Scope, register
from followers.conditions.controls import Control, Option
from followers.conditions.reading import Fields
from followers.models import Scene, Sex

SEXES: dict[str, Sex] = {sex.name.lower(): sex for sex in (Sex.FEMALE, Sex.MALE, Sex.UNKNOWN)}
# What WeChat's `language` holds most often; any other word is taken too.
LANGUAGES = {
    "zh_CN": gettext_lazy("Simplified Chinese"),
    "zh_TW": gettext_lazy("Chinese (Taiwan)"),
    "zh_HK": gettext_lazy("Chinese (Hong Kong)"),
    "en": gettext_lazy("English"),
}
RARE = gettext_lazy("WeChat tells this of almost nobody since 2021-12-27; who says nothing is not meant.")
# As WeChat writes them in Chinese, in which a sync asks.
PROVINCES = (
    *("北京", "天津", "河北", "山西", "内蒙古", "辽宁", "吉林", "黑龙江", "上海", "江苏", "浙江", "安徽"),
    *("福建", "江西", "山东", "河南", "湖北", "湖南", "广东", "广西", "海南", "重庆", "四川", "贵州"),
    *("云南", "西藏", "陕西", "甘肃", "青海", "宁夏", "新疆", "香港", "澳门", "台湾"),
)


@dataclass(frozen=True, slots=True)
class OneOf(Condition):
    """A column holds one of `values`. Who says nothing there (an empty column) is not meant."""

    column: ClassVar[str]
    choices: ClassVar[Mapping[str, Any] | None] = None  # None: any word
    suggested: ClassVar[Mapping[str, Any] | None] = None
    words: ClassVar[str]
    values: tuple[str, ...]

    @classmethod
    def read(cls, given: Fields) -> Self:
        return cls(given.words("values", cls.choices))

    def where(self, scope: Scope) -> Q:
        return Q(**{f"{self.column}__in": self.values})

    def describe(self, scope: Scope) -> str:
        return self.words % {"values": _(" or ").join(self.name(value) for value in self.values)}

    @classmethod
    def controls(cls, scope: Scope) -> list[Control]:
        options = [Option(value, str(label)) for value, label in (cls.choices or cls.suggested or {}).items()]
        return [Control("values", "chips" if cls.choices else "words", _("one of"), options=options)]

    @classmethod
    def name(cls, value: str) -> str:
        """This will be one value in words."""
        return str((cls.choices or cls.suggested or {}).get(value, value))


@register
class InSex(OneOf):
    kind = "sex"
    rank = 60
    label, hint = gettext_lazy("Sex"), RARE
    choices = {name: sex.label for name, sex in SEXES.items()}
    words = gettext_lazy("are of the sex “%(values)s”")

    def where(self, scope: Scope) -> Q:
        return Q(sex__in=[SEXES[value] for value in self.values])


@register
class InCountry(OneOf):
    kind = column = "country"
    rank = 61
    label, hint = gettext_lazy("Country"), RARE
    words = gettext_lazy("live in the country %(values)s")


@register
class InProvince(OneOf):
    kind = column = "province"
    rank = 62
    label, hint = gettext_lazy("Province"), RARE
    suggested = {name: name for name in PROVINCES}
    words = gettext_lazy("live in the province %(values)s")


@register
class InCity(OneOf):
    kind = column = "city"
    rank = 63
    label, hint = gettext_lazy("City"), RARE
    words = gettext_lazy("live in the city %(values)s")


@register
class Speaks(OneOf):
    kind = column = "language"
    rank = 64
    label = gettext_lazy("Language")
    suggested = LANGUAGES
    words = gettext_lazy("use WeChat in %(values)s")


@register
class CameBy(OneOf):
    kind = "scene"
    rank = 40
    label = gettext_lazy("Came by")
    column = "subscribe_scene"
    choices = dict(Scene.choices)
    words = gettext_lazy("came by %(values)s")


@register
class CameByCode(OneOf):
    """The scene of the QR code, in words or as a number."""

    kind = "qr_scene"
    rank = 41
    label = gettext_lazy("QR scene")
    words = gettext_lazy("came by the QR code %(values)s")

    def where(self, scope: Scope) -> Q:
        return Q(qr_scene_str__in=self.values) | Q(qr_scene__in=self.values)


@register
class ScannedLast(OneOf):
    """The code that somebody scanned last: who follows already scans too, and did not come by it."""

    kind = "last_scene"
    rank = 42
    label = gettext_lazy("Last scanned QR scene")
    column = "last_scene"
    words = gettext_lazy("scanned the QR code %(values)s last")

"""What is wrong with the buttons of a menu, and where."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from callbacks import buttons
from callbacks.buttons import Kind, MalformedMenu, NestedTooDeep, WrongButton
from tests.callbacks.menus.conftest import CLICK, TREE, VIEW

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["name", "type", "key", "sub_button"]), inner),
    max_leaves=12,
)


def found(*tree: dict[str, Any]) -> list[tuple[tuple[int, ...], str, str]]:
    return [(one.path, one.field, one.error.code) for one in buttons.problems(buttons.clean(list(tree)))]


def below(*leaves: dict[str, Any]) -> dict[str, Any]:
    return {"name": "更多", "sub_button": list(leaves)}


def test_a_finished_menu_has_no_problem() -> None:
    assert found(*TREE) == []


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        ([], ((), "", "no_buttons")),
        ([CLICK] * 4, ((), "", "too_many_buttons")),
        ([below(*[CLICK] * 6)], ((0,), "", "too_many_sub_buttons")),
        ([CLICK | {"name": ""}], ((0,), "name", "button_name_missing")),
        ([CLICK | {"name": "六个汉字太长"}], ((0,), "name", "button_name_too_long")),
        ([CLICK | {"name": "五个汉字哦"}], ((0,), "name", "button_name_cut")),
        ([below(CLICK | {"name": "字" * 21})], ((0, 0), "name", "button_name_too_long")),
        ([{"name": "什么也不做"[:4]}], ((0,), "type", "button_without_action")),
        ([CLICK | {"key": ""}], ((0,), "key", "button_key_missing")),
        ([CLICK | {"key": "键" * 43}], ((0,), "key", "button_text_too_long")),
        ([below(VIEW, VIEW | {"url": ""})], ((0, 1), "url", "button_url_missing")),
        ([VIEW | {"url": "javascript:alert(1)"}], ((0,), "url", "button_url_wrong")),
        ([VIEW | {"url": "https://a b.cn/"}], ((0,), "url", "button_url_wrong")),
        ([VIEW | {"url": "https://[x/"}], ((0,), "url", "button_url_wrong")),
        ([VIEW | {"url": "https://e.cn/" + "u" * 1020}], ((0,), "url", "button_text_too_long")),
        ([{"name": "小程序", "type": "miniprogram"}], ((0,), "appid", "button_appid_missing")),
        ([{"name": "海报", "type": "media_id"}], ((0,), "asset", "button_file_missing")),
        ([{"name": "文章", "type": "article_id"}], ((0,), "publication", "button_article_missing")),
    ],
)
def test_each_problem_is_named_with_its_place(tree: list[dict[str, Any]], expected: tuple[Any, ...]) -> None:
    assert expected in found(*tree)


def test_a_name_that_phones_cut_is_only_a_hint() -> None:
    [problem] = buttons.problems([CLICK | {"name": "五个汉字哦"}])
    assert problem.hint
    assert buttons.as_shown("五个汉字哦", (0,)) == "五个汉字…"


@pytest.mark.parametrize("error", WrongButton.__subclasses__(), ids=lambda kind: kind.code)
def test_every_problem_says_what_to_do_in_both_languages(error: type[WrongButton]) -> None:
    texts = []
    for language in ("en", "zh-hans"):
        with override(language):
            texts.append((str(error.message), str(error.fix)))
    assert all(message and fix for message, fix in texts)
    assert texts[0][0] != texts[1][0]
    assert texts[0][1] != texts[1][1]


def test_only_the_fields_of_the_kind_are_kept() -> None:
    [kept] = buttons.clean([VIEW | {"key": "k", "appid": "wx1", "sub_button": [], "colour": "red"}])
    assert kept == VIEW


@pytest.mark.parametrize(
    "raw", [None, {}, [1], [{"type": "tap"}], [{"name": 1}], [CLICK] * 21, [{"type": "media_id", "asset": "1"}]]
)
def test_what_is_no_menu_is_refused(raw: Any) -> None:
    with pytest.raises(MalformedMenu):
        buttons.clean(raw)


def test_a_third_level_is_refused() -> None:
    with pytest.raises(NestedTooDeep):
        buttons.clean([below(below(CLICK))])


@given(JSON)
def test_whatever_is_kept_is_kept_again_and_can_be_checked(raw: Any) -> None:
    try:
        kept = buttons.clean(raw)
    except (MalformedMenu, NestedTooDeep):
        return
    assert buttons.clean(kept) == kept
    buttons.problems(kept)


def test_control_characters_and_half_characters_are_left_out() -> None:
    assert buttons.clean([{"name": "今\0日\ud800 "}]) == [{"name": "今日"}]


def test_what_we_name_becomes_wechats_ids() -> None:
    tree = [
        {"name": "海报", "type": "media_id", "asset": 3},
        below({"name": "文", "type": "article_id", "publication": 4}),
    ]
    told = buttons.to_wechat(tree, media_ids={3: "MEDIA"}, article_ids={4: "ARTICLE"})
    assert told[0] == {"name": "海报", "type": "media_id", "media_id": "MEDIA"}
    assert told[1]["sub_button"] == [{"name": "文", "type": "article_id", "article_id": "ARTICLE"}]


def test_every_kind_has_its_fields() -> None:
    assert set(buttons.FIELDS) == set(Kind.values)

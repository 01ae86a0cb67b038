"""A save is the whole draft or nothing, and never over somebody else's."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection

from campaigns import drafts
from campaigns.articles import TooLongToKeep, WrongArticles, WrongNumber
from campaigns.drafts import DraftChanged, ForeignCover
from campaigns.models import Draft
from tests.campaigns.drafts.conftest import MakePicture, article, titles
from wxcore.errors import OperatorError
from wxcore.models import OfficialAccount


def save(draft: Draft, *articles: dict[str, Any], by: User | None = None, **options: Any) -> Draft:
    options = {"seen_version": draft.version, "automatic": False} | options
    return drafts.save(draft, articles, by=by, **options)


def test_a_new_draft_has_one_empty_article(account: OfficialAccount, author: User) -> None:
    draft = drafts.create(account, author)

    assert titles(draft) == [""]
    assert (draft.created_by, draft.version, draft.revisions.count()) == (author, 0, 0)


def test_it_keeps_the_order_that_is_given(draft: Draft, author: User) -> None:
    save(draft, article("一"), article("二"), article("三"), by=author)
    saved = save(Draft.objects.get(), article("三"), article("一"), by=author)

    assert titles(saved) == ["三", "一"]
    assert (saved.title, saved.version, saved.updated_by) == ("三", 3, author)


def test_every_field_comes_back(draft: Draft, make_picture: MakePicture) -> None:
    cover = make_picture()
    save(
        draft,
        article(
            "标题",
            "<p>正文</p>",
            author="作者",
            digest="摘要",
            source_url="https://example.com/a",
            cover=cover.pk,
            need_open_comment=True,
            only_fans_can_comment=True,
        ),
    )

    kept = draft.articles.get()
    assert (kept.title, kept.body, kept.author, kept.digest) == ("标题", "<p>正文</p>", "作者", "摘要")
    assert (kept.source_url, kept.cover, kept.need_open_comment) == ("https://example.com/a", cover, True)
    assert kept.only_fans_can_comment is True


def test_bodies_are_cleaned(draft: Draft) -> None:
    save(draft, article("一", "<p>好</p><script>x</script>"))

    assert draft.articles.get().body == "<p>好</p>"


def test_what_postgresql_cannot_store_is_dropped(draft: Draft) -> None:
    save(draft, article("一\x00\ud83d二\n三", "<p>正\x00文</p>"))

    kept = draft.articles.get()
    assert (kept.title, kept.body) == ("一二 三", "<p>正文</p>")


def test_a_save_over_somebody_elses_is_refused(draft: Draft, author: User, colleague: User) -> None:
    save(draft, article("同事的"), by=colleague)

    with pytest.raises(DraftChanged) as refused:
        save(draft, article("我的"), by=author)

    assert "colleague" in str(refused.value.message)
    assert titles(draft) == ["同事的"]


def test_the_repetition_of_a_save_whose_answer_was_lost_is_none(draft: Draft) -> None:
    first = save(draft, article("改"))

    assert save(draft, article("改")).version == first.version
    assert draft.revisions.count() == 2


@pytest.mark.parametrize("count", [1, 8])
def test_wechat_takes_one_to_eight_articles(draft: Draft, count: int) -> None:
    save(draft, *[article(str(number)) for number in range(count)])

    assert draft.articles.count() == count


@pytest.mark.parametrize("count", [0, 9])
def test_fewer_or_more_are_refused(draft: Draft, count: int) -> None:
    with pytest.raises(WrongNumber):
        save(draft, *[article()] * count)

    assert titles(draft) == ["第一篇"]


def test_a_cover_of_another_account_is_refused(
    draft: Draft, other_account: OfficialAccount, make_picture: MakePicture
) -> None:
    with pytest.raises(ForeignCover) as refused:
        save(draft, article("一"), article("二", cover=make_picture(other_account).pk))

    assert refused.value.fields.keys() == {"1.cover"}
    assert titles(draft) == ["第一篇"]


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"title": "长" * 201}, TooLongToKeep),
        ({"title": 5}, WrongArticles),
        ({"cover": "7"}, WrongArticles),
        ({"cover": True}, WrongArticles),
        ({"cover": 10**30}, WrongArticles),
        ({"cover": 404}, ForeignCover),
    ],
)
def test_nonsense_is_refused_and_nothing_is_stored(
    draft: Draft, wrong: dict[str, Any], error: type[OperatorError]
) -> None:
    with pytest.raises(error) as refused:
        save(draft, article("好"), article("坏") | wrong)

    assert [name.partition(".")[0] for name in refused.value.fields] == ["1"]
    assert titles(draft) == ["第一篇"]


@pytest.mark.parametrize("wrong", ["articles", {"title": ""}, None, [["x"]]])
def test_what_is_no_list_of_articles_is_refused(draft: Draft, wrong: Any) -> None:
    with pytest.raises(WrongArticles):
        drafts.save(draft, wrong, seen_version=1, by=None, automatic=True)


@pytest.mark.django_db(transaction=True)
def test_of_many_saves_at_once_one_wins(account: OfficialAccount) -> None:
    draft = drafts.create(account, None)
    outcomes: list[str] = []

    def attempt(number: int) -> None:
        try:
            save(draft, article(str(number)), article(str(number)))
            outcomes.append(str(number))
        except DraftChanged:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt, args=[number]) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    (winner,) = [outcome for outcome in outcomes if outcome != "refused"]
    assert titles(draft) == [winner, winner]
    assert (Draft.objects.get().version, draft.revisions.count()) == (1, 1)


def test_every_body_that_was_changed_is_cleaned_again(draft: Draft) -> None:
    save(draft, article("一", "<p>甲</p>"), article("二", "<p>乙</p><script>x</script>"))
    again = save(Draft.objects.get(), article("一", "<p>甲</p><script>x</script>"), article("二", "<p>乙</p>"))

    assert [row.body for row in again.articles.order_by("position")] == ["<p>甲</p>", "<p>乙</p>"]

"""Every save is a version that can be compared and brought back."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import User

from campaigns import drafts
from campaigns.models import Article, Draft
from tests.campaigns.drafts.conftest import MakePicture, article, titles
from wxcore.models import OfficialAccount


def save(draft: Draft, title: str, by: User | None, *, automatic: bool = True) -> Draft:
    version = Draft.objects.get(pk=draft.pk).version
    return drafts.save(draft, [article(title)], seen_version=version, by=by, automatic=automatic)


def kept(draft: Draft) -> list[str]:
    return [revision.articles[0]["title"] for revision in draft.revisions.order_by("number")]


def test_one_persons_autosaves_replace_each_other(draft: Draft, author: User) -> None:
    save(draft, "改一", author)
    save(draft, "改二", author)

    assert kept(draft) == ["第一篇", "改二"]


def test_another_persons_are_kept(draft: Draft, author: User, colleague: User) -> None:
    save(draft, "改一", author)
    save(draft, "改二", colleague)

    assert kept(draft) == ["第一篇", "改一", "改二"]


def test_after_ten_minutes_a_new_one_begins(draft: Draft, author: User) -> None:
    save(draft, "改一", author)
    draft.revisions.filter(automatic=True).update(created_at=draft.updated_at - dt.timedelta(minutes=11))
    save(draft, "改二", author)

    assert kept(draft) == ["第一篇", "改一", "改二"]


def test_what_was_saved_by_hand_is_never_replaced(draft: Draft, author: User) -> None:
    save(draft, "改一", author)
    save(draft, "改一", author, automatic=False)
    save(draft, "改二", author)

    assert kept(draft) == ["第一篇", "改一", "改二"]


def test_what_was_frozen_is_never_replaced(draft: Draft, author: User) -> None:
    save(draft, "改一", author)
    frozen = drafts.freeze(draft)
    save(draft, "改二", author)

    assert drafts.freeze(draft).number == frozen.number + 1
    assert draft.revisions.get(pk=frozen.pk).articles[0]["title"] == "改一"


def test_freezing_twice_is_freezing_once(draft: Draft) -> None:
    assert drafts.freeze(draft) == drafts.freeze(draft)
    assert draft.revisions.count() == 1


def test_what_was_written_without_a_revision_is_frozen_too(account: OfficialAccount) -> None:
    imported = Draft.objects.create(account=account, title="导入的")
    Article.objects.create(draft=imported, position=1, title="导入的")

    assert drafts.freeze(imported).articles[0]["title"] == "导入的"


def test_what_was_written_without_a_revision_survives_the_first_save(account: OfficialAccount, author: User) -> None:
    imported = Draft.objects.create(account=account, title="导入的")
    Article.objects.create(draft=imported, position=1, title="导入的")
    save(imported, "改过", author)

    assert kept(imported) == ["导入的", "改过"]


def test_restoring_is_a_save_and_loses_nothing(draft: Draft, author: User) -> None:
    save(draft, "改一", author)
    restored = drafts.restore(Draft.objects.get(), draft.revisions.get(number=1), author)

    assert titles(restored) == ["第一篇"]
    assert kept(draft) == ["第一篇", "改一", "第一篇"]


def test_a_cover_that_is_gone_does_not_prevent_restoring(draft: Draft, author: User, make_picture: MakePicture) -> None:
    cover = make_picture()
    with_cover = drafts.save(
        draft, [article("有图", cover=cover.pk)], seen_version=draft.version, by=author, automatic=False
    )
    save(draft, "无图", author, automatic=False)
    cover.delete()
    drafts.restore(Draft.objects.get(), with_cover.revisions.get(number=2), author)

    assert (titles(draft), draft.articles.get().cover) == (["有图"], None)


def test_a_revision_of_another_draft_is_no_revision_of_this_one(draft: Draft, account: OfficialAccount) -> None:
    other = drafts.create(account, None, [article("别的")])

    with pytest.raises(ValueError, match="another draft"):
        drafts.restore(draft, drafts.freeze(other), None)


def test_a_comparison_names_what_is_different(draft: Draft, author: User) -> None:
    drafts.save(
        draft,
        [article("第一篇", "<p>新</p>", author="作者"), article("第二篇")],
        seen_version=draft.version,
        by=author,
        automatic=False,
    )
    old, new = draft.revisions.order_by("number")
    first, second = drafts.compare(old, new)

    assert [(change.before, change.after) for change in first.fields] == [("", "作者")]
    assert not first.is_same
    assert (second.is_new, second.title) == (True, "第二篇")
    assert all(change.is_same for change in drafts.compare(new, new))


def test_a_change_of_the_formatting_is_a_difference(draft: Draft, author: User) -> None:
    for body in ("<p>正文</p>", "<p><strong>正文</strong></p>"):
        draft = drafts.save(draft, [article("一", body)], seen_version=draft.version, by=author, automatic=False)
    plain, strong = draft.revisions.order_by("number")[1:]
    (change,) = drafts.compare(plain, strong)

    assert (change.is_same, change.is_only_formatting) == (False, True)


def test_a_copy_has_the_same_articles_and_a_life_of_its_own(draft: Draft, author: User, colleague: User) -> None:
    copy = drafts.duplicate(draft, colleague)
    save(draft, "改过", author)

    assert (titles(copy), copy.created_by, copy.account) == (["第一篇"], colleague, draft.account)

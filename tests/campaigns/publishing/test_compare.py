"""Ours and WeChat's copy of a draft, side by side; and taking theirs."""

from __future__ import annotations

import pytest
from django.utils import timezone

from campaigns import articles, draftbox, drafts, incoming
from campaigns.models import Draft, MediaAsset, RemoteDraft
from tests.conftest import APPID
from tests.simulator_control import Control
from wxcore import accounts
from wxcore.wechat.drafts import DraftArticle

pytestmark = pytest.mark.django_db(transaction=True)

UPDATE = "/cgi-bin/draft/update"


def push(draft: Draft) -> None:
    with accounts.connect(draft.account) as wechat:
        draftbox.push(wechat, draft, now=timezone.now())


def edit_at_wechat(draft: Draft, index: int = 0, **changed: str) -> None:
    """This will do what somebody does in WeChat's console."""
    media_id = RemoteDraft.objects.get(draft=draft, gone_at=None).media_id
    with accounts.connect(draft.account) as wechat:
        before = wechat.drafts.get(media_id)[index]
        fields = {name: getattr(before, name) for name in ("title", "author", "content", "thumb_media_id")}
        wechat.drafts.update(media_id, index, DraftArticle(**fields | changed))


def compare(draft: Draft) -> incoming.Comparison:
    return incoming.compare(Draft.objects.get(pk=draft.pk), now=timezone.now())


@pytest.fixture
def pushed(draft: Draft) -> Draft:
    """In the draft box, with a picture of ours in the first body."""
    contents = articles.of(draft)
    contents[0]["body"] += f'<p><img src="{MediaAsset.objects.get().file_url}"></p>'
    saved = drafts.save(draft, contents, seen_version=draft.version, by=None, automatic=False)
    push(saved)
    return saved


def test_what_was_just_pushed_is_the_same(pushed: Draft) -> None:
    comparison = compare(pushed)

    assert [change.number for change in comparison.changes] == [1, 2]
    assert comparison.is_same


def test_every_field_that_differs_is_shown(pushed: Draft) -> None:
    edit_at_wechat(pushed, 1, title="改过的", author="别人")

    first, second = compare(pushed).changes

    assert first.is_same
    assert [(str(field.label), field.before, field.after) for field in second.fields] == [
        (str(articles.LABELS["title"]), "门店活动", "改过的"),
        (str(articles.LABELS["author"]), "小编", "别人"),
    ]


def test_the_text_differs_block_by_block(pushed: Draft) -> None:
    edit_at_wechat(pushed, 1, content="<p>改过的正文</p>")

    ((op, before, after),) = compare(pushed).changes[1].body

    assert (op, before, after) == ("replace", "门店活动的正文", "改过的正文")


def test_another_picture_is_noticed(pushed: Draft, control: Control) -> None:
    other = control.all_media(APPID)
    assert other
    edit_at_wechat(pushed, 0, content='<p>新品上市的正文</p><p><img src="https://mmbiz.qpic.cn/mmbiz_png/other/0"></p>')

    assert not compare(pushed).is_same


def test_articles_that_only_one_side_has_are_named(pushed: Draft) -> None:
    contents = articles.of(pushed)
    drafts.save(pushed, contents[:1], seen_version=pushed.version, by=None, automatic=False)

    assert compare(pushed).changes[1].is_new


def test_a_draft_that_was_never_pushed_says_so(draft: Draft) -> None:
    with pytest.raises(draftbox.NotInDraftBox):
        compare(draft)


def test_a_draft_that_left_the_box_says_so(pushed: Draft, control: Control) -> None:
    control.forget(APPID, RemoteDraft.objects.get().media_id)

    with pytest.raises(draftbox.NotInDraftBox):
        compare(pushed)


def test_taking_theirs_is_a_new_version(pushed: Draft) -> None:
    edit_at_wechat(pushed, 0, title="改过的", content="<p>改过的</p>")
    seen, versions = compare(pushed), pushed.revisions.count()

    incoming.take(pushed, seen_version=pushed.version, seen_mark=seen.mark, by=None, now=timezone.now())

    taken = Draft.objects.get()
    assert articles.of(taken)[0]["title"] == "改过的"
    assert articles.of(taken)[0]["cover"] == MediaAsset.objects.get().pk
    assert taken.revisions.count() == versions + 1
    assert compare(taken).is_same


def test_taking_theirs_keeps_our_pictures_ours(pushed: Draft) -> None:
    edit_at_wechat(pushed, 0, title="改过的")
    seen = compare(pushed)

    incoming.take(pushed, seen_version=pushed.version, seen_mark=seen.mark, by=None, now=timezone.now())

    assert MediaAsset.objects.get().file_url in articles.of(Draft.objects.get())[0]["body"]


def test_what_was_taken_need_not_be_pushed(pushed: Draft, control: Control) -> None:
    edit_at_wechat(pushed, 0, title="改过的")
    incoming.take(pushed, seen_version=pushed.version, seen_mark=compare(pushed).mark, by=None, now=timezone.now())
    before = control.calls()["counts"][UPDATE]

    push(Draft.objects.get())

    assert control.calls()["counts"][UPDATE] == before


def test_theirs_that_changed_meanwhile_is_not_taken(pushed: Draft) -> None:
    seen = compare(pushed)
    edit_at_wechat(pushed, 0, title="改过的")

    with pytest.raises(incoming.TheirsChanged):
        incoming.take(pushed, seen_version=pushed.version, seen_mark=seen.mark, by=None, now=timezone.now())


def test_ours_that_changed_meanwhile_is_not_overwritten(pushed: Draft) -> None:
    edit_at_wechat(pushed, 0, title="改过的")
    seen = compare(pushed)

    with pytest.raises(drafts.DraftChanged):
        incoming.take(pushed, seen_version=pushed.version - 1, seen_mark=seen.mark, by=None, now=timezone.now())


def test_a_draft_that_was_never_there_in_another_account_is_not_mixed_up(pushed: Draft) -> None:
    copy = drafts.duplicate(pushed, None)

    with pytest.raises(draftbox.NotInDraftBox):
        compare(copy)

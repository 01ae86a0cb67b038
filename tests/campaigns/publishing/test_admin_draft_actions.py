"""From a draft's page: push it to WeChat's draft box, compare, take theirs, publish."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from campaigns import articles
from campaigns.models import Draft, MediaAsset, Publication, RemoteDraft
from campaigns.states import PublicationStatus
from tests.campaigns.publishing.test_compare import edit_at_wechat, push
from tests.conftest import APPID
from tests.people import permit
from tests.simulator_control import Control

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def path(draft: Draft) -> str:
    return f"/admin/campaigns/draft/{draft.pk}/"


def test_publishing_asks_first_and_says_that_nobody_is_told(admin_client: Client, draft: Draft, path: str) -> None:
    page = admin_client.get(f"{path}publish/")

    assert "不会" in page.content.decode()
    assert not Publication.objects.exists()

    answer = admin_client.post(f"{path}publish/", {"seen": page.context["hidden"]["seen"]})
    publication = Publication.objects.get()
    assert answer.url == f"/admin/campaigns/publication/{publication.pk}/change/"
    assert publication.status == PublicationStatus.PENDING


def test_a_draft_that_wechat_would_refuse_cannot_be_confirmed(admin_client: Client, path: str) -> None:
    MediaAsset.objects.all().delete()

    html = admin_client.get(f"{path}publish/").content.decode()

    assert "q-note-error" in html
    assert "q-confirm" not in html


@pytest.mark.parametrize("seen", ["", "x", "99"])
def test_what_was_not_looked_at_is_not_published(admin_client: Client, path: str, seen: str) -> None:
    answer = admin_client.post(f"{path}publish/", {"seen": seen}, follow=True)

    assert "修改" in str(*answer.context["messages"])
    assert not Publication.objects.exists()


def test_publishing_again_is_warned_about(admin_client: Client, draft: Draft, path: str) -> None:
    admin_client.post(f"{path}publish/", {"seen": draft.version})
    Publication.objects.update(status=PublicationStatus.PUBLISHED)

    assert "q-note-warning" in admin_client.get(f"{path}publish/").content.decode()


def test_pushing_brings_it_into_the_draft_box(admin_client: Client, path: str, control: Control) -> None:
    admin_client.get(f"{path}push/")
    assert control.drafts(APPID) == []

    answer = admin_client.post(f"{path}push/", follow=True)

    assert [one["title"] for one in control.drafts(APPID)[0]["articles"]] == ["新品上市", "门店活动"]
    assert answer.context["comparison"].is_same


def test_pushing_twice_leaves_one_draft(admin_client: Client, path: str, control: Control) -> None:
    for _ in range(2):
        admin_client.post(f"{path}push/")

    assert len(control.drafts(APPID)) == 1
    assert RemoteDraft.objects.count() == 1


def test_wechats_refusal_is_shown(admin_client: Client, path: str, control: Control) -> None:
    control.fault("/cgi-bin/draft/add", errcode=48001)

    answer = admin_client.post(f"{path}push/", follow=True)

    assert "48001" in str(*answer.context["messages"])


def test_a_draft_that_was_never_pushed_compares_to_nothing(admin_client: Client, path: str) -> None:
    html = admin_client.get(f"{path}compare/").content.decode()

    assert "q-note-warning" in html
    assert "mark" not in html.split("<main")[-1] or 'name="mark"' not in html


def test_theirs_is_taken_after_a_look(admin_client: Client, draft: Draft, path: str) -> None:
    push(draft)
    edit_at_wechat(draft, 0, title="改过的<b>")
    page = admin_client.get(f"{path}compare/")
    html = page.content.decode()
    assert "<ins>改过的&lt;b&gt;</ins>" in html

    admin_client.post(f"{path}compare/", {"seen": draft.version, "mark": page.context["comparison"].mark})

    assert articles.of(draft)[0]["title"] == "改过的<b>"


def test_taking_what_was_not_looked_at_is_refused(admin_client: Client, draft: Draft, path: str) -> None:
    push(draft)
    edit_at_wechat(draft, 0, title="改过的")

    admin_client.post(f"{path}compare/", {"seen": draft.version, "mark": "x"})

    assert articles.of(draft)[0]["title"] == "新品上市"


def test_who_may_only_look_changes_nothing(staff_user: User, draft: Draft, path: str, control: Control) -> None:
    permit(staff_user, "view_draft")
    client = Client()
    client.force_login(staff_user)

    for verb in ("publish", "push", "compare"):
        assert client.post(f"{path}{verb}/").status_code == 403
    assert "cgi-bin" not in str(control.calls()["counts"])


def test_the_lists_lead_to_the_import(admin_client: Client) -> None:
    for name in ("draft", "mediaasset"):
        path = f"/admin/campaigns/{name}/import-from-wechat/"
        assert path in admin_client.get(f"/admin/campaigns/{name}/").content.decode()
        assert admin_client.get(path).url == "/admin/campaigns/libraryimport/start/"

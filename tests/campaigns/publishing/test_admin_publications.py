"""The page of a publication says what became of it, and offers what its status allows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from campaigns.models import Publication
from campaigns.publish_results import OriginalityFailed, OutcomeUnknown
from campaigns.states import PublicationStatus
from tests.campaigns.publishing.conftest import attempt, come_out, fresh
from tests.conftest import APPID
from tests.people import permit
from tests.simulator_control import Control
from wxcore import failures

pytestmark = pytest.mark.django_db(transaction=True)

LIST = "/admin/campaigns/publication/"
VERBS = {"ask", "was-published", "was-not-published", "delete-at-wechat"}

Become = Callable[..., str]


@pytest.fixture
def become(publication: Publication) -> Become:
    """`become("published", urls=[...])`: the publication in this state; the address of its page."""

    def become(status: str, **columns: Any) -> str:
        Publication.objects.update(status=status, **columns)
        return f"{LIST}{publication.pk}/change/"

    return become


@pytest.mark.parametrize(
    ("status", "verbs"),
    [
        (PublicationStatus.PENDING, set()),
        (PublicationStatus.SUBMITTED, {"ask"}),
        (PublicationStatus.PUBLISHED, {"ask", "delete-at-wechat"}),
        (PublicationStatus.UNKNOWN, {"ask", "was-published", "was-not-published"}),
        (PublicationStatus.REJECTED, set()),
        (PublicationStatus.DELETED, set()),
    ],
)
def test_the_buttons_fit_the_status(admin_client: Client, become: Become, status: str, verbs: set[str]) -> None:
    page = become(status)
    html = admin_client.get(page).content.decode()

    pk = page.split("/")[4]
    assert {verb for verb in VERBS if f"{LIST}{pk}/{verb}/" in html} == verbs


def test_the_addresses_are_links(admin_client: Client, become: Become) -> None:
    url = "https://mp.weixin.qq.com/s/a"

    html = admin_client.get(become("published", urls=[url], finished_at=timezone.now())).content.decode()

    assert f'href="{url}"' in html
    assert "门店活动" in html


def test_the_articles_at_fault_are_marked(admin_client: Client, become: Become) -> None:
    reason = failures.columns(OriginalityFailed(numbers="2"))

    page = become("originality_failed", failed_articles=[2], finished_at=timezone.now(), **reason)

    html = admin_client.get(page).content.decode()

    assert "2" in html
    assert "q-note-error" in html


def test_the_state_asks_for_itself_until_it_is_decided(admin_client: Client, become: Become) -> None:
    become("submitted")
    path = f"{LIST}{Publication.objects.get().pk}/progress/"
    assert "every 2s" in admin_client.get(path).content.decode()

    become("published")
    answer = admin_client.get(path)
    assert "every 2s" not in answer.content.decode()
    assert answer.headers["HX-Refresh"] == "true"


def test_asking_brings_the_result(admin_client: Client, publication: Publication, control: Control) -> None:
    attempt(publication)
    come_out(control)

    admin_client.post(f"{LIST}{publication.pk}/ask/")

    assert fresh(publication).status == PublicationStatus.PUBLISHED


def test_a_person_says_that_it_was_published(admin_client: Client, become: Become) -> None:
    pk = become("unknown", **failures.columns(OutcomeUnknown(answer="–"))).split("/")[4]
    admin_client.get(f"{LIST}{pk}/was-published/")
    assert Publication.objects.get().status == PublicationStatus.UNKNOWN

    admin_client.post(f"{LIST}{pk}/was-published/")

    assert Publication.objects.get().status == PublicationStatus.PUBLISHED


def test_deleting_asks_first(admin_client: Client, publication: Publication, control: Control) -> None:
    attempt(publication)
    come_out(control)
    admin_client.post(f"{LIST}{publication.pk}/ask/")
    path = f"{LIST}{publication.pk}/delete-at-wechat/"

    assert "q-confirm" in admin_client.get(path).content.decode()
    assert control.publications(APPID)[0]["deleted"] == []

    admin_client.post(path)
    assert control.publications(APPID)[0]["deleted"] == [1, 2]
    assert Publication.objects.get().status == PublicationStatus.DELETED


def test_deciding_and_deleting_need_their_permissions(staff_user: User, become: Become) -> None:
    page = become("unknown")
    permit(staff_user, "view_publication")
    client = Client()
    client.force_login(staff_user)
    pk = page.split("/")[4]

    assert client.get(page).status_code == 200
    for verb in VERBS:
        assert client.post(f"{LIST}{pk}/{verb}/").status_code == 403


def test_the_list_asks_as_much_for_many_as_for_one(
    admin_client: Client, publication: Publication, django_assert_max_num_queries: Any
) -> None:
    Publication.objects.bulk_create(
        Publication(
            account=publication.account,
            draft=publication.draft,
            revision=publication.revision,
            status=PublicationStatus.FAILED,
        )
        for _ in range(60)
    )
    admin_client.get(LIST)

    with django_assert_max_num_queries(7):
        assert "新品上市" in admin_client.get(LIST).content.decode()


def test_the_start_page_names_what_is_unknown(admin_client: Client, become: Become) -> None:
    page = become("submitted")
    assert page not in admin_client.get("/admin/").content.decode()

    become("unknown")

    assert page in admin_client.get("/admin/").content.decode()

"""Published articles are deleted at WeChat for good, and only they."""

from __future__ import annotations

import pytest
from django.utils import timezone

from campaigns import publish_results, publishing
from campaigns.models import Publication
from campaigns.states import NotAllowedNow, PublicationStatus
from tests.campaigns.publishing.conftest import attempt, come_out, fresh
from tests.conftest import APPID
from tests.simulator_control import Control
from wxcore.errors import OperatorError

pytestmark = pytest.mark.django_db(transaction=True)

DELETE = "/cgi-bin/freepublish/delete"


@pytest.fixture
def published(publication: Publication, control: Control) -> Publication:
    attempt(publication)
    come_out(control)
    publishing.ask(fresh(publication), now=timezone.now())
    return fresh(publication)


def test_the_articles_are_gone_at_wechat(published: Publication, control: Control) -> None:
    publish_results.delete(published, now=timezone.now())

    assert fresh(published).status == PublicationStatus.DELETED
    assert control.publications(APPID)[0]["deleted"] == [1, 2]


def test_twice_is_refused(published: Publication) -> None:
    publish_results.delete(published, now=timezone.now())

    with pytest.raises(NotAllowedNow):
        publish_results.delete(fresh(published), now=timezone.now())


def test_a_lost_answer_is_cleared_up(published: Publication, control: Control) -> None:
    control.fault(DELETE, drop="after")

    publish_results.delete(published, now=timezone.now())

    assert fresh(published).status == PublicationStatus.DELETED


def test_what_was_deleted_in_the_console_is_deleted_here(published: Publication, control: Control) -> None:
    publish_results.delete(published, now=timezone.now())
    Publication.objects.update(status=PublicationStatus.PUBLISHED)

    publish_results.delete(fresh(published), now=timezone.now())

    assert fresh(published).status == PublicationStatus.DELETED


def test_a_request_that_never_arrived_deletes_nothing(published: Publication, control: Control) -> None:
    control.fault(DELETE, drop="before")

    with pytest.raises(OperatorError):
        publish_results.delete(published, now=timezone.now())

    assert fresh(published).status == PublicationStatus.PUBLISHED
    assert control.publications(APPID)[0]["deleted"] == []


def test_what_is_not_published_has_nothing_to_delete(publication: Publication) -> None:
    with pytest.raises(NotAllowedNow):
        publish_results.delete(publication, now=timezone.now())

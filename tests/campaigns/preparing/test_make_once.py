"""A copy at WeChat is made once: whoever claims the row makes the request, and a lost answer is looked for."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from campaigns.models import MediaAsset, MediaKind, RemoteMedia, Target
from campaigns.remote import Columns, CopyUnderway, make_once
from wxcore.errors import OperatorError
from wxcore.models import OfficialAccount
from wxcore.wechat.errors import BadAnswer, ConnectionFailed

pytestmark = pytest.mark.django_db

MINUTE = dt.timedelta(minutes=1)
CALL = "/cgi-bin/material/add_material"


class Maker:
    """Counts its calls; answers, or raises what it was given."""

    def __init__(self, error: OperatorError | None = None) -> None:
        self.calls = 0
        self._error = error

    def __call__(self, *_: Any) -> Columns:
        self.calls += 1
        if self._error:
            raise self._error
        return {"media_id": f"made-{self.calls}"}


@pytest.fixture
def row(account: OfficialAccount) -> RemoteMedia:
    asset = MediaAsset.objects.create(account=account, kind=MediaKind.IMAGE, name="封面", sha256="0" * 64)
    return RemoteMedia.objects.create(asset=asset, target=Target.PERMANENT)


def again(row: RemoteMedia) -> RemoteMedia:
    return RemoteMedia.objects.get(pk=row.pk)


def test_the_answer_is_kept(row: RemoteMedia) -> None:
    make_once(row, Maker(), now=timezone.now())

    kept = again(row)
    assert (kept.media_id, kept.tried_at, kept.lease_until) == ("made-1", None, None)
    assert kept.uploaded_at is not None


def test_a_request_is_announced_before_it_is_made(row: RemoteMedia) -> None:
    def make() -> Columns:
        announced = again(row)
        assert announced.tried_at is not None
        assert announced.lease_until > timezone.now()
        return {"media_id": "made"}

    make_once(row, make, now=timezone.now())

    assert again(row).media_id == "made"


def test_while_one_worker_is_at_it_another_is_told_to_wait(row: RemoteMedia) -> None:
    other = Maker()

    def make() -> Columns:
        with pytest.raises(CopyUnderway):
            make_once(again(row), other, now=timezone.now())
        return {"media_id": "made"}

    make_once(row, make, now=timezone.now())

    assert other.calls == 0


def test_a_refusal_leaves_nothing_behind(row: RemoteMedia) -> None:
    with pytest.raises(ConnectionFailed):
        make_once(row, Maker(ConnectionFailed(CALL, "refused")), now=timezone.now())

    assert (again(row).tried_at, again(row).lease_until) == (None, None)
    find = Maker()
    make_once(again(row), Maker(), find=find, now=timezone.now())
    assert find.calls == 0


def test_after_a_lost_answer_what_it_left_behind_is_found(row: RemoteMedia) -> None:
    first = timezone.now() - MINUTE
    with pytest.raises(BadAnswer):
        make_once(row, Maker(BadAnswer(CALL, "not JSON")), now=first)
    make = Maker()
    since = []

    make_once(again(row), make, find=lambda at: since.append(at) or {"media_id": "found"}, now=timezone.now())

    assert (again(row).media_id, make.calls, since) == ("found", 0, [first])


def test_after_a_lost_answer_that_left_nothing_the_request_is_repeated(row: RemoteMedia) -> None:
    with pytest.raises(BadAnswer):
        make_once(row, Maker(BadAnswer(CALL, "not JSON")), now=timezone.now())

    make_once(again(row), Maker(), find=lambda at: None, now=timezone.now())

    assert again(row).media_id == "made-1"


def test_a_search_that_fails_is_made_again_the_next_time(row: RemoteMedia) -> None:
    with pytest.raises(BadAnswer):
        make_once(row, Maker(BadAnswer(CALL, "not JSON")), now=timezone.now())
    make = Maker()

    with pytest.raises(ConnectionFailed):
        make_once(again(row), make, find=Maker(ConnectionFailed(CALL, "refused")), now=timezone.now())
    make_once(again(row), make, find=lambda at: {"media_id": "found"}, now=timezone.now())

    assert (again(row).media_id, make.calls) == ("found", 0)


def test_a_worker_that_died_leaves_a_lease_that_runs_out(row: RemoteMedia) -> None:
    died = timezone.now() - 10 * MINUTE
    RemoteMedia.objects.update(tried_at=died, lease_until=died + MINUTE)

    make_once(again(row), Maker(), find=lambda at: {"media_id": "found"}, now=timezone.now())

    assert again(row).media_id == "found"


def test_a_late_worker_does_not_overwrite_the_next_one(row: RemoteMedia) -> None:
    def make() -> Columns:
        RemoteMedia.objects.update(lease_until=timezone.now() - MINUTE)
        make_once(again(row), Maker(), find=lambda at: {"media_id": "the next one's"}, now=timezone.now())
        return {"media_id": "late"}

    with pytest.raises(CopyUnderway):
        make_once(row, make, now=timezone.now())

    assert again(row).media_id == "the next one's"

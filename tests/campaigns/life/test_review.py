"""Submit, approve, reject, take back: by whom, when, and two at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from campaigns import content, services
from campaigns.models import Campaign, Door
from campaigns.states import NotAllowedNow, Status
from followers.models import Follower
from tests.campaigns.life.conftest import Person, at_once, verbs
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db

Verb = Callable[[Campaign], None]


@pytest.fixture
def ready(strict: OfficialAccount, campaign: Campaign, make_followers: Callable[..., list[Follower]]) -> Campaign:
    """A draft of an account where nobody approves their own."""
    make_followers(3)
    return campaign


@pytest.fixture
def author(person: Person) -> User:
    return person("author")


@pytest.fixture
def approver(person: Person) -> User:
    return person("approver")


@pytest.fixture
def in_review(ready: Campaign, author: User, now: dt.datetime) -> Campaign:
    services.submit(ready, by=author, now=now)
    return ready


def test_from_draft_to_approved(in_review: Campaign, author: User, approver: User, now: dt.datetime) -> None:
    services.approve(in_review, by=approver, now=now)

    in_review.refresh_from_db()
    assert (in_review.status, in_review.submitted_by, in_review.approved_by) == (Status.APPROVED, author, approver)
    assert in_review.approved_fingerprint == services.fingerprint(in_review)
    assert verbs(in_review) == ["submitted", "approved"]


def test_what_has_a_problem_is_not_submitted(ready: Campaign, author: User, now: dt.datetime) -> None:
    Campaign.objects.update(text="")

    with pytest.raises(content.EmptyText):
        services.submit(ready, by=author, now=now)

    assert Campaign.objects.get().status == Status.DRAFT


@pytest.mark.parametrize("how", ["created", "edited", "submitted"])
def test_nobody_approves_what_they_had_a_hand_in(
    ready: Campaign, author: User, approver: User, person: Person, now: dt.datetime, how: str
) -> None:
    if how == "created":
        Campaign.objects.update(created_by=approver)
    if how == "edited":
        services.save_draft(ready, by=approver, door=Door.ADMIN)
    services.submit(ready, by=approver if how == "submitted" else author, now=now)

    with pytest.raises(services.OwnCampaign):
        services.approve(ready, by=approver, now=now)

    assert Campaign.objects.get().status == Status.IN_REVIEW
    services.approve(ready, by=person("somebody else"), now=now)


def test_where_one_person_does_everything_they_may(
    in_review: Campaign, author: User, now: dt.datetime, account: OfficialAccount
) -> None:
    OfficialAccount.objects.update(allow_self_approval=True)
    in_review.refresh_from_db()

    services.approve(in_review, by=author, now=now)

    assert in_review.status == Status.APPROVED


def test_a_draft_is_not_sent_without_approval(ready: Campaign, author: User, now: dt.datetime) -> None:
    with pytest.raises(services.NotApproved):
        services.send(ready, by=author, now=now)

    assert verbs(ready) == []


def test_one_person_needs_the_right_to_approve_all_the_same(
    ready: Campaign, staff_user: User, now: dt.datetime
) -> None:
    OfficialAccount.objects.update(allow_self_approval=True)

    with pytest.raises(services.NotApproved):
        services.send(Campaign.objects.get(), by=staff_user, now=now)


def test_sending_alone_leaves_the_whole_way_in_the_history(ready: Campaign, author: User, now: dt.datetime) -> None:
    OfficialAccount.objects.update(allow_self_approval=True)

    services.send(Campaign.objects.get(), by=author, now=now)

    assert verbs(ready) == ["submitted", "approved", "scheduled"]


def test_a_rejection_reaches_the_author_with_its_reason(in_review: Campaign, approver: User, now: dt.datetime) -> None:
    services.reject(in_review, reason=" 标题有错字 ", by=approver)

    in_review.refresh_from_db()
    assert (in_review.status, in_review.error_code) == (Status.DRAFT, "rejected")
    assert "标题有错字" in in_review.error_message
    assert in_review.events.first().note == "标题有错字"


@pytest.mark.parametrize("reason", ["", "   \n"])
def test_a_rejection_without_a_reason_is_none(in_review: Campaign, approver: User, reason: str) -> None:
    with pytest.raises(services.ReasonMissing):
        services.reject(in_review, reason=reason, by=approver)

    assert Campaign.objects.get().status == Status.IN_REVIEW


def test_submitting_again_clears_the_rejection(
    in_review: Campaign, author: User, approver: User, now: dt.datetime
) -> None:
    services.reject(in_review, reason="太长", by=approver)

    services.submit(in_review, by=author, now=now)

    assert (in_review.status, in_review.error_code) == (Status.IN_REVIEW, "")


def test_taking_back_takes_the_approval(in_review: Campaign, author: User, approver: User, now: dt.datetime) -> None:
    services.approve(in_review, by=approver, now=now)

    services.take_back(in_review, by=author)

    in_review.refresh_from_db()
    assert (in_review.status, in_review.approved_by, in_review.approved_fingerprint) == (Status.DRAFT, None, "")


def test_what_is_in_review_is_not_edited(in_review: Campaign, author: User) -> None:
    in_review.text = "改了"

    with pytest.raises(NotAllowedNow):
        services.save_draft(in_review, by=author)

    assert Campaign.objects.get().text == "你好，群发 👋"


def test_what_the_approver_has_not_seen_is_not_approved(in_review: Campaign, approver: User, now: dt.datetime) -> None:
    seen = services.fingerprint(in_review)
    Campaign.objects.update(text="偷偷改了")

    with pytest.raises(services.ChangedMeanwhile):
        services.approve(in_review, by=approver, now=now, seen=seen)

    assert Campaign.objects.get().status == Status.IN_REVIEW


STARTS = {
    "submit": {Status.DRAFT},
    "approve": {Status.IN_REVIEW},
    "reject": {Status.IN_REVIEW},
    "take_back": {Status.IN_REVIEW, Status.APPROVED},
}


@pytest.mark.parametrize(
    ("verb", "status"), [(verb, status) for verb, starts in STARTS.items() for status in Status if status not in starts]
)
def test_a_verb_is_refused_in_any_other_status(
    ready: Campaign, approver: User, now: dt.datetime, verb: str, status: Status
) -> None:
    Campaign.objects.update(status=status)
    given = {"reason": "x"} if verb == "reject" else {} if verb == "take_back" else {"now": now}

    with pytest.raises(NotAllowedNow):
        getattr(services, verb)(Campaign.objects.get(), by=approver, **given)

    assert Campaign.objects.get().status == status
    assert verbs(ready) == []


@pytest.mark.django_db(transaction=True)
def test_of_two_who_approve_one_does(in_review: Campaign, person: Person, now: dt.datetime) -> None:
    people = [person("one"), person("two")]

    def approve(by: User) -> Callable[[], None]:
        return lambda: services.approve(Campaign.objects.get(), by=by, now=now)

    assert sorted(at_once(*map(approve, people))) == [False, True]
    assert verbs(in_review) == ["submitted", "approved"]


@pytest.mark.django_db(transaction=True)
def test_of_approve_and_reject_one_happens(in_review: Campaign, person: Person, now: dt.datetime) -> None:
    one, two = person("one"), person("two")

    done = at_once(
        lambda: services.approve(Campaign.objects.get(), by=one, now=now),
        lambda: services.reject(Campaign.objects.get(), reason="不行", by=two),
    )

    assert sorted(done) == [False, True]
    assert Campaign.objects.get().status == (Status.APPROVED if done[0] else Status.DRAFT)


@pytest.mark.django_db(transaction=True)
def test_what_is_approved_is_what_is_there_though_somebody_takes_it_back_and_edits(
    in_review: Campaign, author: User, approver: User, now: dt.datetime
) -> None:
    seen = services.fingerprint(in_review)

    def edit() -> None:
        mine = Campaign.objects.get()
        services.take_back(mine, by=author)
        mine.text = "改了"
        services.save_draft(mine, by=author)

    at_once(lambda: services.approve(Campaign.objects.get(), by=approver, now=now, seen=seen), edit)

    campaign = Campaign.objects.get()
    assert campaign.status == Status.DRAFT
    assert (campaign.approved_fingerprint, campaign.text) == ("", "改了")

"""The API: who may do what, how lists are cut, and the one shape of every refusal."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from rest_framework.test import APIClient

from callbacks.models import Callback
from campaigns import services
from campaigns.models import Broadcast, Campaign
from followers.models import Follower, Sync, Tag
from tests.conftest import SECRET, TOKEN
from tests.people import permit
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db

MakeFollowers = Callable[..., list[Follower]]
LISTS = ["accounts", "tags", "followers", "syncs", "campaigns", "broadcasts", "callbacks"]
MODELS = dict(zip(LISTS, (OfficialAccount, Tag, Follower, Sync, Campaign, Broadcast, Callback), strict=True))
SHAPE = {"code", "message", "fix", "fields"}


@pytest.fixture
def staff(staff_user: User) -> APIClient:
    client = APIClient()
    client.force_login(staff_user)
    return client


@pytest.fixture
def everything(campaign: Campaign, tag: Tag, make_followers: MakeFollowers) -> dict[str, int]:
    """One row of everything, by the name of its list."""
    now, account = timezone.now(), campaign.account
    callback = Callback(account=account, dedup_key="1", msg_type="event", pushed_at=now, received_at=now)
    sync, broadcast = Sync(account=account, due_at=now), Broadcast(account=account, campaign=campaign, position=1)
    for row in (callback, sync, broadcast):
        row.save()
    rows = (account, tag, *make_followers(1, tag=tag), sync, campaign, broadcast, callback)
    return {name: row.pk for name, row in zip(LISTS, rows, strict=True)}


# Who may


@pytest.mark.parametrize("name", LISTS)
def test_a_stranger_is_refused(everything: dict[str, int], name: str) -> None:
    for path in (f"/api/v1/{name}/", f"/api/v1/{name}/{everything[name]}/"):
        answer = APIClient().get(path)
        assert (answer.status_code, answer.json()["code"], set(answer.json())) == (401, "not_authenticated", SHAPE)


@pytest.mark.parametrize("name", LISTS)
def test_each_list_needs_its_own_permission(
    staff: APIClient, staff_user: User, account: OfficialAccount, name: str
) -> None:
    others = [f"view_{model._meta.model_name}" for other, model in MODELS.items() if other != name]
    permit(staff_user, *others)
    refused = staff.get(f"/api/v1/{name}/")
    assert (refused.status_code, refused.json()["code"], set(refused.json())) == (403, "permission_denied", SHAPE)

    permit(staff_user, *others, f"view_{MODELS[name]._meta.model_name}")

    assert staff.get(f"/api/v1/{name}/").status_code == 200


WRITES = ("post", "put", "patch", "delete")
WRITTEN = {"campaigns": WRITES, "accounts": ("put", "patch"), "syncs": ("post",)}
MIRRORED = [(name, method) for name in LISTS for method in WRITES if method not in WRITTEN.get(name, ())]


@pytest.mark.parametrize(("name", "method"), MIRRORED)
def test_nothing_is_written_through_the_lists_of_what_is_mirrored(
    api: APIClient, everything: dict[str, int], name: str, method: str
) -> None:
    path = f"/api/v1/{name}/" if method == "post" else f"/api/v1/{name}/{everything[name]}/"

    answer = getattr(api, method)(path, {}, format="json")

    assert (answer.status_code, set(answer.json())) == (405, SHAPE)


def test_viewing_is_not_sending(staff: APIClient, staff_user: User, campaign: Campaign) -> None:
    permit(staff_user, "view_campaign", "change_campaign")

    assert staff.post(f"/api/v1/campaigns/{campaign.pk}/send/", {"heads": 1}, format="json").status_code == 403


def test_sending_has_a_permission_of_its_own(
    staff: APIClient, staff_user: User, campaign: Campaign, make_followers: MakeFollowers
) -> None:
    make_followers(1)
    permit(staff_user, "send_campaign")
    services.submit(campaign, by=None, now=timezone.now())
    services.approve(campaign, by=None, now=timezone.now())

    assert staff.post(f"/api/v1/campaigns/{campaign.pk}/send/", {"heads": 1}, format="json").status_code == 200


def test_an_event_is_found_in_the_spelling_of_wechat(api: APIClient, account: OfficialAccount) -> None:
    now = timezone.now()
    for number, event in enumerate(("masssendjobfinish", "subscribe")):
        Callback.objects.create(account=account, dedup_key=str(number), event=event, pushed_at=now, received_at=now)

    found = api.get("/api/v1/callbacks/", {"event": "MASSSENDJOBFINISH"}).json()["results"]

    assert [callback["event"] for callback in found] == ["masssendjobfinish"]


def test_another_site_cannot_send(admin_user: User, campaign: Campaign) -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(admin_user)

    answer = client.post(f"/api/v1/campaigns/{campaign.pk}/send/", {"heads": 1}, format="json")

    assert (answer.status_code, "CSRF" in answer.json()["message"]) == (403, True)


# Sending


def test_send_schedules_for_now(
    api: APIClient, campaign: Campaign, make_followers: MakeFollowers, admin_user: User
) -> None:
    make_followers(1)

    answer = api.post(f"/api/v1/campaigns/{campaign.pk}/send/", {"heads": 1}, format="json")

    assert (answer.status_code, answer.json()["status"]) == (200, "scheduled")
    assert Campaign.objects.get().sent_by == admin_user


def test_a_second_send_is_a_conflict(api: APIClient, campaign: Campaign, make_followers: MakeFollowers) -> None:
    make_followers(1)
    api.post(f"/api/v1/campaigns/{campaign.pk}/send/", {"heads": 1}, format="json")

    answer = api.post(f"/api/v1/campaigns/{campaign.pk}/send/", {"heads": 1}, format="json")

    assert (answer.status_code, answer.json()["code"], set(answer.json())) == (409, "not_allowed_now", SHAPE)


def test_a_campaign_with_a_problem_is_refused_by_field(api: APIClient, campaign: Campaign) -> None:
    answer = api.post(f"/api/v1/campaigns/{campaign.pk}/send/", {"heads": 1}, format="json")

    told = answer.json()
    assert (answer.status_code, told["code"], set(told["fields"])) == (400, "empty_audience", {"audience"})
    assert told["fix"]


def test_what_does_not_exist_is_not_found(api: APIClient, db: None) -> None:
    answer = api.post("/api/v1/campaigns/999/send/")

    told = answer.json()
    assert (answer.status_code, told["code"], set(told)) == (404, "not_found", SHAPE)
    assert "query" not in told["message"]
    assert told["fix"]
    assert "999" not in told["message"]


# Reading


def test_no_answer_holds_a_secret(api: APIClient, everything: dict[str, int]) -> None:
    for name, pk in everything.items():
        told = api.get(f"/api/v1/{name}/").content.decode() + api.get(f"/api/v1/{name}/{pk}/").content.decode()
        assert [text for text in (SECRET, TOKEN, "secret", "aes_key") if text in told] == []


def test_a_follower_shows_wechats_tag_ids(api: APIClient, everything: dict[str, int]) -> None:
    assert api.get(f"/api/v1/followers/{everything['followers']}/").json()["tag_ids"] == [127]


def test_a_list_of_followers_costs_the_same_however_long(
    api: APIClient, make_followers: MakeFollowers, tag: Tag, django_assert_max_num_queries
) -> None:
    make_followers(50, tag=tag)

    with django_assert_max_num_queries(6):
        assert len(api.get("/api/v1/followers/").json()["results"]) == 50


def test_pages_follow_one_another_without_gap_or_repetition(api: APIClient, make_followers: MakeFollowers) -> None:
    made = [follower.pk for follower in make_followers(5)]
    path, seen = "/api/v1/followers/?page_size=2", []

    while path:
        page = api.get(path).json()
        seen += [row["id"] for row in page["results"]]
        path = page["next"]

    assert seen == sorted(made, reverse=True)


def test_a_page_has_a_limit(api: APIClient, make_followers: MakeFollowers) -> None:
    make_followers(501)

    assert len(api.get("/api/v1/followers/?page_size=100000").json()["results"]) == 500


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("subscribed=true", 3),
        ("subscribed=false", 2),
        ("openid=oTest00000000000000000000001", 1),
        ("openid=nobody", 0),
        ("subscribe_scene=ADD_SCENE_QR_CODE", 2),
    ],
)
def test_followers_are_filtered(api: APIClient, make_followers: MakeFollowers, query: str, count: int) -> None:
    make_followers(3)
    make_followers(2, subscribed=False, subscribe_scene="ADD_SCENE_QR_CODE")

    assert len(api.get(f"/api/v1/followers/?{query}").json()["results"]) == count


def test_followers_are_filtered_by_tag(api: APIClient, make_followers: MakeFollowers, tag: Tag) -> None:
    make_followers(3)
    make_followers(2, tag=tag)

    assert len(api.get(f"/api/v1/followers/?tags={tag.pk}").json()["results"]) == 2


@pytest.mark.parametrize("name", LISTS)
def test_lists_are_filtered_by_account(api: APIClient, everything: dict[str, int], name: str) -> None:
    if name == "accounts":
        assert api.get("/api/v1/accounts/?kind=test").json()["results"] == []
        return
    other = OfficialAccount.objects.create(
        name="别的号", slug="other", appid="wxother0000000001", secret="s", token="t"
    )

    assert len(api.get(f"/api/v1/{name}/?account={everything['accounts']}").json()["results"]) == 1
    assert api.get(f"/api/v1/{name}/?account={other.pk}").json()["results"] == []


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/v1/followers/?account=abc", 400, "invalid"),
        ("/api/v1/campaigns/?status=moon", 400, "invalid"),
        ("/api/v1/followers/?cursor=nonsense", 404, "not_found"),
        ("/api/v1/followers/999/", 404, "not_found"),
    ],
)
def test_nonsense_is_refused_in_the_same_shape(api: APIClient, path: str, status: int, code: str) -> None:
    answer = api.get(path)

    assert (answer.status_code, answer.json()["code"], set(answer.json())) == (status, code, SHAPE)
    assert answer.json()["message"]


def test_a_filter_at_fault_is_named(api: APIClient) -> None:
    assert set(api.get("/api/v1/followers/?account=abc").json()["fields"]) == {"account"}


def test_lists_in_lists_without_end_are_no_request(api: APIClient) -> None:
    answer = api.post("/api/v1/publications/", "[" * 100_000, content_type="application/json")

    assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")

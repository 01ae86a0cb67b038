"""A program with a token may what its owner may, on the token's accounts, in its scopes, while it lives."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.utils import timezone
from rest_framework.test import APIClient

from campaigns.models import Campaign
from followers.models import Tag
from tests.people import member
from wxcore import apitokens
from wxcore.models import ApiToken, Membership, OfficialAccount

TAGS = "/api/v1/tags/"
CURRENT = "/api/v1/tokens/current/"
ALL = ("read", "write", "send")


def client(secret: str, keyword: str = "Token") -> APIClient:
    with_token = APIClient(enforce_csrf_checks=True)
    with_token.credentials(HTTP_AUTHORIZATION=f"{keyword} {secret}")
    return with_token


def issue(owner: User, *scopes: str, **options: Any) -> tuple[ApiToken, APIClient]:
    options = {"name": "cron", "scopes": scopes or ALL, "now": timezone.now()} | options
    token, secret = apitokens.issue(owner, **options)
    return token, client(secret)


@pytest.fixture
def owner(account: OfficialAccount) -> User:
    return member(account, "administrator", "owner")


@pytest.fixture
def other(db: None) -> OfficialAccount:
    return OfficialAccount.objects.create(name="另一个", slug="other", appid="wxother0000000001", secret="s", token="t")


@pytest.mark.parametrize("keyword", ["Token", "Bearer", "bearer", "TOKEN"])
def test_a_token_is_a_login(owner: User, tag: Tag, keyword: str) -> None:
    _token, secret = apitokens.issue(owner, name="cron", scopes=["read"], now=timezone.now())

    answer = client(secret, keyword).get(TAGS)

    assert (answer.status_code, len(answer.json()["results"])) == (200, 1)


def test_only_a_hash_is_stored(owner: User) -> None:
    token, secret = apitokens.issue(owner, name="cron", scopes=["read"], now=timezone.now())

    row = ApiToken.objects.filter(pk=token.pk).values().get()
    assert secret.startswith(f"qf_{token.key}_")
    assert len(token.key) == 8
    assert not any(secret[12:] in str(value) for value in row.values())
    assert "***" in repr(secret)


@pytest.mark.parametrize(
    "given",
    [
        "",
        "x",
        "qf_",
        "qf_12345678_x",
        "qf_12345678",
        "é" * 20,
        "a b c",
        "\0",
        "qf_" + "x" * 100_000,
        "eyJhbGciOiJ9.e.s",
    ],
)
def test_nonsense_is_no_token(account: OfficialAccount, given: str) -> None:
    answer = client(given).get(TAGS)

    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token")
    assert answer.headers["WWW-Authenticate"] == 'Token realm="api"'


def test_an_almost_right_secret_is_wrong(owner: User) -> None:
    _token, secret = apitokens.issue(owner, name="cron", scopes=["read"], now=timezone.now())

    for wrong in (secret[:-1], secret + "x", secret.upper(), secret.replace("qf_", "qx_")):
        assert client(wrong).get(TAGS).status_code == 401


def test_another_scheme_is_not_ours(account: OfficialAccount) -> None:
    answer = client("dXNlcjpwYXNz", "Basic").get(TAGS)

    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


def test_it_ends(owner: User) -> None:
    now = timezone.now()
    token, program = issue(owner, expires_at=now + dt.timedelta(days=1))
    assert program.get(TAGS).status_code == 200

    ApiToken.objects.filter(pk=token.pk).update(expires_at=now - dt.timedelta(seconds=1))

    assert program.get(TAGS).status_code == 401


def test_it_is_revoked_at_once(owner: User) -> None:
    token, program = issue(owner)

    assert apitokens.revoke(token, now=timezone.now())
    assert not apitokens.revoke(token, now=timezone.now())
    assert program.get(TAGS).status_code == 401


def test_who_leaves_takes_the_token_along(owner: User) -> None:
    _token, program = issue(owner)
    User.objects.filter(pk=owner.pk).update(is_active=False)

    assert program.get(TAGS).status_code == 401


def test_a_lost_membership_is_lost_here_too(owner: User, tag: Tag) -> None:
    _token, program = issue(owner)
    owner.memberships.all().delete()

    assert program.get(TAGS).status_code == 403


def test_it_works_on_its_accounts_only(owner: User, tag: Tag, other: OfficialAccount) -> None:
    Membership.objects.create(user=owner, account=other, role=Group.objects.get(name="administrator"))
    theirs = Tag.objects.create(account=other, tag_id=1, name="theirs")

    _token, program = issue(owner, accounts=[other])

    assert [row["id"] for row in program.get(TAGS).json()["results"]] == [theirs.pk]
    assert program.get(f"{TAGS}{tag.pk}/").status_code == 404
    assert program.get(f"{TAGS}?account={tag.account_id}").status_code == 400
    body = {"account": tag.account_id, "words": "a", "text": "b"}
    assert program.post("/api/v1/reply-rules/", body, format="json").status_code == 400


def test_an_account_of_others_is_none_of_the_token_s(owner: User, tag: Tag, other: OfficialAccount) -> None:
    _token, program = issue(owner, accounts=[other])  # its owner does not work there

    assert program.get(TAGS).status_code == 403


def test_a_superuser_s_token_is_limited_too(admin_user: User, tag: Tag, other: OfficialAccount) -> None:
    _token, program = issue(admin_user, accounts=[other])
    Tag.objects.create(account=other, tag_id=1, name="theirs")

    assert len(program.get(TAGS).json()["results"]) == 1
    assert program.get(f"{TAGS}{tag.pk}/").status_code == 404
    assert [row["id"] for row in program.get("/api/v1/me/").json()["accounts"]] == [other.pk]
    assert User.objects.get(pk=admin_user.pk).is_superuser


def test_a_limit_to_an_account_that_is_gone_is_no_freedom(admin_user: User, tag: Tag, other: OfficialAccount) -> None:
    _token, program = issue(admin_user, accounts=[other])
    other.delete()

    assert program.get(TAGS).status_code == 403


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("get", "/api/v1/campaigns/{pk}/", "read"),
        ("get", "/api/v1/me/", "read"),
        ("post", "/api/v1/reply-rules/test/", "read"),
        ("post", "/api/v1/campaigns/{pk}/approve/", "write"),
        ("post", "/api/v1/campaigns/{pk}/pause/", "write"),
        ("post", "/api/v1/campaigns/{pk}/cancel/", "write"),
        ("post", "/api/v1/reply-rules/", "write"),
        ("post", "/api/v1/conversations/1/done/", "write"),
        ("post", "/api/v1/campaigns/{pk}/send/", "send"),
        ("post", "/api/v1/campaigns/{pk}/schedule/", "send"),
        ("post", "/api/v1/campaigns/{pk}/reschedule/", "send"),
        ("post", "/api/v1/campaigns/{pk}/resume/", "send"),
        ("post", "/api/v1/campaigns/{pk}/recall/", "send"),
        ("post", "/api/v1/campaigns/{pk}/preview/", "send"),
        ("post", "/api/v1/drafts/1/preview/", "send"),
        ("post", "/api/v1/publications/", "send"),
        ("post", "/api/v1/menus/1/publish/", "send"),
        ("post", "/api/v1/menus/1/take_down/", "send"),
        ("post", "/api/v1/conversations/1/send/", "send"),
        ("post", "/api/v1/conversations/1/again/", "send"),
    ],
)
def test_each_deed_needs_its_scope(owner: User, campaign: Campaign, method: str, path: str, scope: str) -> None:
    for own in ALL:
        _token, program = issue(owner, own)
        answer = getattr(program, method)(path.format(pk=campaign.pk), {}, format="json")
        if own == scope:
            assert answer.status_code != 403
        else:
            told = answer.json()
            assert (answer.status_code, told["code"], told["fields"]) == (403, "scope_missing", {"scope": scope})


def test_it_tells_about_itself(owner: User, account: OfficialAccount, other: OfficialAccount) -> None:
    token, program = issue(owner, "send")

    told = program.get(CURRENT).json()

    assert (told["key"], told["user"], told["scopes"], told["accounts"]) == (token.key, "owner", ["send"], [account.pk])
    assert token.digest not in str(told)


def test_who_has_logged_in_has_no_token(api: APIClient) -> None:
    assert api.get(CURRENT).status_code == 404


def test_its_use_is_written_once_a_minute(owner: User) -> None:
    token, program = issue(owner)
    program.get(TAGS)
    token.refresh_from_db()
    first = token.last_used_at
    assert (first is not None, token.last_address) == (True, "127.0.0.1")

    program.get(TAGS)
    token.refresh_from_db()
    assert token.last_used_at == first

    ApiToken.objects.update(last_used_at=timezone.now() - dt.timedelta(minutes=2))
    program.get(TAGS)
    token.refresh_from_db()
    assert token.last_used_at >= first


def test_a_header_of_anybody_is_no_address(owner: User) -> None:
    token, program = issue(owner)
    program.get(TAGS, headers={"X-Forwarded-For": "9.9.9.9"})

    token.refresh_from_db()
    assert token.last_address == "127.0.0.1"


def test_the_old_secret_works_a_day_after_a_rotation(owner: User) -> None:
    token, old = issue(owner)
    now = timezone.now()

    new = client(apitokens.rotate(token, now=now))

    assert [program.get(TAGS).status_code for program in (old, new)] == [200, 200]
    ApiToken.objects.update(previous_until=now - dt.timedelta(seconds=1))
    assert [program.get(TAGS).status_code for program in (old, new)] == [401, 200]


def test_a_rotation_may_end_the_old_secret_at_once(owner: User) -> None:
    token, old = issue(owner)

    new = client(apitokens.rotate(token, now=timezone.now(), end_old_at_once=True))

    assert [program.get(TAGS).status_code for program in (old, new)] == [401, 200]


def test_the_last_but_one_secret_is_gone(owner: User) -> None:
    token, first = issue(owner)
    apitokens.rotate(token, now=timezone.now())
    apitokens.rotate(token, now=timezone.now())

    assert first.get(TAGS).status_code == 401


def test_what_has_ended_is_not_rotated(owner: User) -> None:
    token, _program = issue(owner)
    apitokens.revoke(token, now=timezone.now())

    with pytest.raises(apitokens.TokenEnded):
        apitokens.rotate(token, now=timezone.now())


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"scopes": []}, apitokens.WrongScopes),
        ({"scopes": ["read", "root"]}, apitokens.WrongScopes),
        ({"expires_at": timezone.now() - dt.timedelta(days=1)}, apitokens.WrongExpiry),
        ({"expires_at": timezone.now() + dt.timedelta(days=370)}, apitokens.WrongExpiry),
        ({"accounts": []}, apitokens.NoAccountChosen),
    ],
)
def test_what_no_token_may_be(owner: User, wrong: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        issue(owner, **wrong)


def test_it_ends_in_ninety_days_unless_told(owner: User) -> None:
    token, _program = issue(owner)

    assert token.expires_at - token.created_at < dt.timedelta(days=90, minutes=1)


def test_a_token_costs_one_query_more(owner: User, tag: Tag, django_assert_num_queries: Any) -> None:
    _token, program = issue(owner)
    program.get(TAGS)

    with django_assert_num_queries(4):  # the token with its owner, two of the rights, the rows
        program.get(TAGS)


def test_no_log_line_shows_a_token(owner: User, capsys: pytest.CaptureFixture[str]) -> None:
    from wxcore.logs import redact

    _token, secret = apitokens.issue(owner, name="cron", scopes=["read"], now=timezone.now())

    for line in (
        f"GET /x Authorization: Token {secret}",
        f"headers={{'authorization': 'Bearer {secret}'}}",
        str(secret),
    ):
        assert secret[12:] not in redact(line)
        assert secret.split("_")[1] in redact(line)  # the visible key stays
    logging.getLogger("test").warning("%s", secret)
    assert secret not in capsys.readouterr().err

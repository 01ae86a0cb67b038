"""Access tokens: families, overlap, expiry, refusals."""

import pytest

from tests.simulator.conftest import APPID

PROBE = "/cgi-bin/getcallbackip"


def probe(caller, token):
    return caller.request("GET", PROBE, params={"access_token": token}).json().get("errcode", 0)


def test_it_has_the_asked_length(control, caller):
    control.account(APPID, token_length=512)
    assert len(caller.fetch_token()["access_token"]) == 512
    assert len(caller.fetch_old_token()["access_token"]) == 512


def test_a_new_one_leaves_the_old_one_five_minutes(control, caller):
    first = caller.fetch_old_token()["access_token"]
    second = caller.fetch_old_token()["access_token"]
    assert first != second
    assert probe(caller, first) == 0
    control.advance(301)
    assert probe(caller, first) == 40001
    assert probe(caller, second) == 0


def test_the_families_do_not_know_each_other(control, caller):
    stable = caller.fetch_token()["access_token"]
    for _ in range(2):
        caller.fetch_old_token()
    control.advance(301)
    assert probe(caller, stable) == 0


def test_stable_gives_the_same_one_and_what_is_left(control, caller):
    first = caller.fetch_token()
    control.advance(1000)
    again = caller.fetch_token()
    assert first["expires_in"] == 7200
    assert again["access_token"] == first["access_token"]
    assert 6198 <= again["expires_in"] <= 6200


def test_stable_renews_in_the_last_five_minutes(control, caller):
    first = caller.fetch_token()["access_token"]
    control.advance(6950)
    second = caller.fetch_token()
    assert second["access_token"] != first
    assert second["expires_in"] == 7200
    assert probe(caller, first) == 0


def test_force_ends_the_old_one_at_once(control, caller):
    first = caller.fetch_token()["access_token"]
    control.advance(31)
    second = caller.fetch_token(force_refresh=True)["access_token"]
    assert second != first
    assert probe(caller, first) == 40001


def test_force_within_30_seconds_changes_nothing(caller):
    first = caller.fetch_token()["access_token"]
    assert caller.fetch_token(force_refresh=True)["access_token"] == first


def test_force_works_20_times_a_day(control, caller):
    caller.fetch_token()
    for _ in range(20):
        control.advance(31)
        assert "access_token" in caller.fetch_token(force_refresh=True)
    control.advance(31)
    assert caller.fetch_token(force_refresh=True)["errcode"] == 45009


def test_it_expires_after_two_hours(control, caller):
    token = caller.fetch_old_token()["access_token"]
    control.advance(7201)
    assert probe(caller, token) == 42001


def test_a_missing_and_an_invented_one_are_refused(caller):
    assert caller.request("GET", PROBE).json()["errcode"] == 41001
    assert probe(caller, "nonsense") == 40014
    assert probe(caller, "92_" + "x" * 150) == 40001


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"grant_type": "x"}, 40002),
        ({"appid": ""}, 41002),
        ({"secret": ""}, 41004),
        ({"appid": "wx0"}, 40013),
        ({"secret": "wrong"}, 40125),
    ],
)
def test_wrong_credentials_are_refused(caller, changed, code):
    assert caller.fetch_old_token(**changed)["errcode"] == code
    assert caller.fetch_token(**changed)["errcode"] == code


def test_a_foreign_address_is_named(control, caller):
    control.account(APPID, ip_whitelist=["10.0.0.1"])
    answer = caller.fetch_token()
    assert answer["errcode"] == 40164
    assert "invalid ip 127.0.0.1 ipv6 ::ffff:127.0.0.1, not in whitelist rid: " in answer["errmsg"]


def test_a_frozen_secret_is_refused(control, caller):
    control.account(APPID, secret_frozen=True)
    assert caller.fetch_token()["errcode"] == 40243


def test_2000_a_day_are_allowed(control, caller):
    control.account(APPID, daily_limits={"/cgi-bin/token": 2})
    codes = [caller.fetch_old_token().get("errcode", 0) for _ in range(3)]
    assert codes == [0, 0, 45009]


def test_the_wrong_verb_is_refused(caller):
    assert caller.request("POST", "/cgi-bin/token", json={}).json()["errcode"] == 43001
    assert caller.request("GET", "/cgi-bin/stable_token").json()["errcode"] == 43002

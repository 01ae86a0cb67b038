"""A check says in plain words what is wrong with an account, and what to do."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from tests.conftest import APPID
from tests.simulator_control import Control
from wxcore import accounts
from wxcore.accounts import Finding, Level
from wxcore.models import Kind, MessageMode, OfficialAccount

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english() -> None:
    with override("en"):
        yield


def errors(account: OfficialAccount) -> list[Finding]:
    return [finding for finding in accounts.check(account) if finding.level is Level.ERROR]


def test_a_healthy_account(wechat_account: OfficialAccount, control: Control) -> None:
    control.followers(APPID, 12)

    findings = accounts.check(wechat_account)

    assert {finding.level for finding in findings} == {Level.OK}
    assert [finding.message for finding in findings[1:3]] == ["12 followers.", "100 of 100 calls left today."]


def test_a_wrong_appid(wechat_account: OfficialAccount) -> None:
    wechat_account.appid = "wx9999999999999999"

    (error,) = errors(wechat_account)

    assert "40013" in error.message
    assert error.fix


def test_a_wrong_secret(wechat_account: OfficialAccount) -> None:
    wechat_account.secret = "0ther5ecret"

    (error,) = errors(wechat_account)

    assert "40125" in error.message
    assert "0ther5ecret" not in error.message + error.fix


def test_an_address_that_is_not_in_the_whitelist(wechat_account: OfficialAccount, control: Control) -> None:
    control.account(APPID, ip_whitelist=["203.0.113.7"])

    (error,) = errors(wechat_account)

    assert "40164" in error.message
    assert "127.0.0.1" in error.fix


def test_a_wechat_that_cannot_be_reached(account: OfficialAccount) -> None:
    (error,) = errors(account)

    assert "could not be reached" in error.message
    assert "Check this machine's network" in error.fix


def test_a_stored_token_does_not_hide_a_wrong_secret(wechat_account: OfficialAccount, control: Control) -> None:
    accounts.check(wechat_account)
    control.account(APPID, secret="changed")

    assert len(errors(wechat_account)) == 1


def test_an_account_without_rights(wechat_account: OfficialAccount, control: Control) -> None:
    control.account(APPID, verified=False)
    wechat_account.is_verified = False

    findings = accounts.check(wechat_account)

    assert [finding.level for finding in findings] == [Level.OK, Level.ERROR, Level.OK, Level.WARNING, Level.OK]
    assert "48001" in findings[1].message


def test_a_test_account_is_warned_about_mass_sending(wechat_account: OfficialAccount, control: Control) -> None:
    control.account(APPID, kind="test")
    wechat_account.kind = Kind.TEST

    assert Level.WARNING in {finding.level for finding in accounts.check(wechat_account)}


def test_safe_mode_without_a_key(wechat_account: OfficialAccount) -> None:
    wechat_account.message_mode = MessageMode.SAFE

    (error,) = errors(wechat_account)

    assert "EncodingAESKey" in error.message


def test_everything_is_said_in_chinese_too(account: OfficialAccount) -> None:
    with override("zh-hans"):
        (error,) = errors(account)

    assert "无法连接微信服务器" in error.message

"""datacube/*: who reads and shares what was sent."""

import datetime as dt

import pytest

from tests.simulator.conftest import APPID
from tests.simulator_control import SHANGHAI, wait_for

CURRENT = ("getarticleread", "getarticleshare", "getarticletotaldetail")
OLDER = ("getarticlesummary", "getarticletotal")


@pytest.fixture
def job(control, caller):
    """Two articles that 5,000 followers got."""
    control.followers(APPID, 5000)
    return send(control, caller)


def send(control, caller):
    media_id = caller.draft({"title": "一", "content_source_url": "https://example.com/"}, {"title": "二"})
    body = {"filter": {"is_to_all": True}, "msgtype": "mpnews", "mpnews": {"media_id": media_id}}
    answer = caller.post("/cgi-bin/message/mass/sendall", body | {"send_ignore_reprint": 0})
    assert answer["errcode"] == 0, answer
    wait_for(lambda: control.job(answer["msg_id"])["state"] == "finished")
    return control.job(answer["msg_id"])


def sent_on(job):
    return dt.datetime.fromtimestamp(job["finished"], SHANGHAI).date()


def ask(caller, name, begin, end=None):
    caller.token = ""  # days later it has expired
    return caller.post(f"/datacube/{name}", {"begin_date": str(begin), "end_date": str(end or begin)})


def test_articles_are_read_by_fewer_from_day_to_day(control, caller, job):
    day = sent_on(job)
    control.advance_to(9, days=7)
    first, last = ask(caller, "getarticleread", day), ask(caller, "getarticleread", day + dt.timedelta(6))
    assert [row["msgid"] for row in first["list"]] == [f"{job['msg_data_id']}_1", f"{job['msg_data_id']}_2"]
    early, late = first["list"][0]["detail"], last["list"][0]["detail"]
    assert job["sent"] > early["read_user"] > first["list"][1]["detail"]["read_user"] > 0
    assert early["read_user"] > 5 * late["read_user"] > 0
    assert first["is_delay"] is False


def test_the_sources_add_up(control, caller, job):
    control.advance_to(9)
    (detail, _second) = (row["detail"] for row in ask(caller, "getarticleread", sent_on(job))["list"])
    counts = {one["scene_desc"]: one["user_count"] for one in detail["read_user_source"]}
    assert counts.pop("全部") == detail["read_user"] == sum(counts.values())


def test_the_same_question_has_the_same_answer(control, caller, job):
    control.advance_to(9)
    first = [ask(caller, name, sent_on(job)) for name in CURRENT + OLDER]
    assert [ask(caller, name, sent_on(job)) for name in CURRENT + OLDER] == first


def test_totals_are_the_sums_of_the_days(control, caller, job):
    day = sent_on(job)
    control.advance_to(9, days=3)
    (total, _second) = ask(caller, "getarticletotaldetail", day)["list"]
    assert [detail["stat_date"] for detail in total["detail_list"]] == [str(day + dt.timedelta(n)) for n in range(3)]
    reads = [ask(caller, "getarticleread", day + dt.timedelta(n))["list"][0]["detail"] for n in range(3)]
    assert total["detail_list"][2]["read_user"] == sum(detail["read_user"] for detail in reads)
    assert total["title"] == "一"


def test_the_older_calls_count_the_same_people_and_their_visits(control, caller, job):
    day = sent_on(job)
    control.advance_to(9)
    rows = ask(caller, "getarticlesummary", day)["list"]
    everybody = next(row for row in rows if row["user_source"] == 99999999)
    assert everybody["int_page_read_user"] == ask(caller, "getarticleread", day)["list"][0]["detail"]["read_user"]
    assert everybody["int_page_read_count"] > everybody["int_page_read_user"]
    assert everybody["ori_page_read_user"] > 0
    (total, _second) = ask(caller, "getarticletotal", day)["list"]
    assert total["details"][0]["target_user"] == job["sent"]


def test_the_older_totals_end_after_seven_days(control, caller, job):
    control.advance_to(9, days=12)
    assert len(ask(caller, "getarticletotal", sent_on(job))["list"][0]["details"]) == 7
    assert len(ask(caller, "getarticletotaldetail", sent_on(job))["list"][0]["detail_list"]) == 12


@pytest.mark.parametrize("name", CURRENT + OLDER)
def test_yesterday_is_ready_after_eight(control, caller, job, name):
    day = sent_on(job)
    control.advance_to(7.9)
    assert ask(caller, name, day)["errcode"] == 61503
    control.advance_to(8, days=0)
    assert ask(caller, name, day)["list"]


@pytest.mark.parametrize("name", CURRENT + OLDER)
def test_one_day_that_is_over_is_asked_for(control, caller, job, name):
    day = sent_on(job)
    control.advance_to(9)
    assert ask(caller, name, day + dt.timedelta(1))["errcode"] == 61500
    assert ask(caller, name, "2026-13-01", day)["errcode"] == 61500
    assert ask(caller, name, "20261101", day)["errcode"] == 61500
    assert ask(caller, name, day - dt.timedelta(1), day)["errcode"] == 61501
    assert ask(caller, name, day, day - dt.timedelta(1))["errcode"] == 61501
    assert caller.post(f"/datacube/{name}", {})["errcode"] == 61500


def test_the_current_calls_know_nothing_of_the_time_before_them(control, caller, job):
    control.advance_to(9)
    assert ask(caller, "getarticleread", "2025-10-31")["list"] == []


@pytest.mark.parametrize(("statistics", "refused"), [("older", CURRENT), ("none", CURRENT + OLDER)])
def test_an_account_may_lack_the_right(control, caller, job, statistics, refused):
    control.account(APPID, statistics=statistics)
    control.advance_to(9)
    answers = {name: ask(caller, name, sent_on(job)) for name in CURRENT + OLDER}
    assert tuple(name for name, answer in answers.items() if answer.get("errcode") == 48001) == refused


def test_delayed_figures_say_so(control, caller, job):
    control.account(APPID, statistics_delayed=True)
    control.advance_to(9)
    assert ask(caller, "getarticleread", sent_on(job))["is_delay"] is True


def test_a_backdated_job_has_its_figures_now(control, caller, job):
    before = sent_on(job)
    control.backdate(job["msg_id"], 3)
    control.advance_to(9)
    assert sent_on(control.job(job["msg_id"])) == before - dt.timedelta(3)
    assert ask(caller, "getarticleread", before - dt.timedelta(3))["list"]
    with pytest.raises(AssertionError, match="at most 365"):
        control.backdate(job["msg_id"], 10_000)


def test_what_reached_nobody_is_read_by_nobody(control, caller):
    control.followers(APPID, 50)
    control.outcome(status="err(10001)")
    job = send(control, caller)
    control.advance_to(9)
    assert [ask(caller, name, sent_on(job))["list"] for name in CURRENT + OLDER] == [[]] * 5

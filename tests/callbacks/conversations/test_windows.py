"""What a follower does opens a window, and what we send is taken from it."""

from __future__ import annotations

import datetime as dt

import pytest

from callbacks.windows import ACTION, ENTERED, TALK, State, Windows, grant

NOW = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


@pytest.mark.parametrize(
    ("msg_type", "event", "granted"),
    [
        ("text", "", TALK),
        ("image", "", TALK),
        ("event", "subscribe", ACTION),
        ("event", "scan", ACTION),
        ("event", "click", ACTION),
        ("event", "scancode_push", ACTION),
        ("event", "scancode_waitmsg", ACTION),
        ("event", "user_enter_tempsession", ENTERED),
        ("event", "view", None),
        ("event", "location", None),
        ("event", "masssendjobfinish", None),
    ],
)
def test_what_opens_which(msg_type: str, event: str, granted: object) -> None:
    assert grant(msg_type, event) == granted


def test_nothing_is_open_before_the_first_deed() -> None:
    never = Windows()

    assert (never.left(NOW), never.until(NOW), never.next(NOW), never.state(NOW)) == (0, None, None, State.NEVER)


def test_a_message_allows_five_in_48_hours() -> None:
    open_ = Windows().opened(TALK, NOW)

    assert (open_.left(NOW), open_.until(NOW), open_.next(NOW)) == (5, NOW + dt.timedelta(hours=48), "talk")
    assert open_.state(NOW + dt.timedelta(hours=48)) == State.CLOSED


def test_the_short_window_is_used_first_while_it_lives() -> None:
    both = Windows().opened(TALK, NOW).opened(ACTION, NOW)

    assert (both.left(NOW), both.next(NOW)) == (8, "action")
    assert (both.left(NOW + MINUTE), both.next(NOW + MINUTE)) == (5, "talk")


def test_a_used_up_window_is_not_closed() -> None:
    assert Windows(talk_until=NOW + MINUTE, talk_left=0).state(NOW) == State.USED_UP


def test_a_new_deed_fills_the_window_again() -> None:
    used = Windows(talk_until=NOW + MINUTE, talk_left=1)

    assert used.opened(TALK, NOW).left(NOW) == 5


def test_an_older_deed_that_arrives_late_changes_nothing() -> None:
    newer = Windows(talk_until=NOW + TALK.lasts, talk_left=2)

    assert newer.opened(TALK, NOW - MINUTE) == newer

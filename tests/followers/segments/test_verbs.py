"""Save, duplicate and delete a segment, and keep an uploaded list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from followers import conditions, segments
from followers.conditions import EmptyDefinition, Scope
from followers.models import Follower, ListedFollower, OpenidList, Segment, Tag
from tests.followers.segments.conftest import DAY, NOW
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db

WOMEN = {"groups": [[{"kind": "sex", "values": ["female"]}]]}
A, B = "oA" + "a" * 26, "oB" + "b" * 26


@pytest.fixture
def segment(account: OfficialAccount) -> Segment:
    return Segment.objects.create(account=account, name="女性", conditions=WOMEN)


def test_conditions_are_saved_in_their_normal_form(account: OfficialAccount) -> None:
    given = {"groups": [[{"values": [" female", "female"], "kind": "sex"}]]}
    segment = Segment(account=account, name="女性", conditions=given)

    segments.save(segment, now=NOW)

    assert Segment.objects.get().conditions == WOMEN


def test_a_segment_without_a_condition_is_not_saved(segment: Segment) -> None:
    segment.conditions = {"groups": []}

    with pytest.raises(EmptyDefinition):
        segments.save(segment, now=NOW)

    assert Segment.objects.get().conditions == WOMEN


def test_a_name_is_used_once_in_an_account(segment: Segment, other_account: OfficialAccount) -> None:
    with pytest.raises(segments.NameTaken):
        segments.save(Segment(account=segment.account, name="女性", conditions=WOMEN), now=NOW)

    segments.save(Segment(account=other_account, name="女性", conditions=WOMEN), now=NOW)


def test_copies_have_names_of_their_own(segment: Segment) -> None:
    copies = [segments.duplicate(segment, by=None, now=NOW) for _ in range(3)]

    assert len({copy.name for copy in copies} | {segment.name}) == 4
    assert all(copy.conditions == WOMEN for copy in copies)


def test_the_longest_name_can_be_copied_twice(account: OfficialAccount) -> None:
    segment = Segment.objects.create(account=account, name="长" * 100, conditions=WOMEN)

    assert len({segments.duplicate(segment, by=None, now=NOW).name for _ in range(2)}) == 2


def test_the_head_count_costs_the_same_for_many(
    make_followers: Callable[..., list[Follower]], scope: Scope, tag: Tag
) -> None:
    definition = conditions.read({"groups": [[{"kind": "tags", "any": [tag.pk]}]]})
    used = []
    for more in (20, 400):
        make_followers(more, tag=tag)
        with CaptureQueriesContext(connection) as captured:
            found = segments.head_count(definition, Scope(scope.account, NOW))
        used.append(len(captured))

    assert (found.number, len(found.sample)) == (420, segments.SAMPLE)
    assert used[0] == used[1] <= 5


def test_an_empty_list_is_refused(account: OfficialAccount) -> None:
    with pytest.raises(segments.EmptyList):
        segments.keep_list(account, [], name="x.csv", by=None, now=NOW)


def test_a_list_that_no_segment_uses_is_dropped_after_a_day(account: OfficialAccount) -> None:
    used = segments.keep_list(account, [A], name="used", by=None, now=NOW)
    unused = segments.keep_list(account, [B], name="unused", by=None, now=NOW)
    named: dict[str, Any] = {"kind": "list", "mode": "in", "list": used.pk}
    Segment.objects.create(account=account, name="名单", conditions={"groups": [[named]]})
    OpenidList.objects.update(created_at=NOW)

    segments.keep_list(account, [A], name="soon", by=None, now=NOW + DAY / 2)
    assert OpenidList.objects.filter(pk=unused.pk).exists()
    OpenidList.objects.filter(name="soon").delete()
    segments.keep_list(account, [A], name="later", by=None, now=NOW + 2 * DAY)

    assert set(OpenidList.objects.values_list("name", flat=True)) == {"used", "later"}
    assert set(ListedFollower.objects.values_list("openid", flat=True)) == {A}

"""Every page and every view stands on the bases that leave out other people's rows, at a constant cost."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated

from tests.people import logged_in, member
from tests.rights.endpoints import Endpoint
from tests.rights.test_other_accounts import LISTS, OURS, route
from tests.rights.world import account, populate
from wxcore import rights
from wxcore.admin.base import Admin
from wxcore.api import AccountRows, RowField
from wxcore.models import ApiToken
from wxcore.permissions import LoggedInStaff, SignedIn
from wxcore.urls import router

# Of no account: people, roles and the schedule of the machine.
OF_NOBODY = {"auth.user", "auth.group", "wxcore.apitoken"}
READS_RIGHTS = 2
# The API reads the keys of a page account by account first: as one range they stand in no index.
READS_PAGE = 1


def test_every_page_of_the_admin_stands_on_the_base() -> None:
    for model, page in admin.site._registry.items():
        label = model._meta.label_lower
        assert isinstance(page, Admin) == rights.has_account(model), label
        assert rights.has_account(model) or label in OF_NOBODY or label.startswith("django_celery_beat."), label


def test_every_view_of_the_api_stands_on_the_base() -> None:
    for _prefix, viewset, _name in router.registry:
        if getattr(viewset, "queryset", None) is None:
            assert issubclass(viewset.permission_classes[0], (IsAuthenticated, SignedIn)), viewset
            continue
        if _is_of_persons(viewset):
            continue
        assert issubclass(viewset, AccountRows), viewset
        rights.path_of(viewset.queryset.model)


def test_every_verb_about_a_row_names_its_permission() -> None:
    """Without one a POST would ask for the permission to add rows."""
    verbs = [
        (viewset, verb.__name__)
        for _prefix, viewset, _name in router.registry
        for verb in viewset.get_extra_actions()
        if verb.detail and set(verb.mapping) - {"get", "head"} and not _is_of_persons(viewset)
    ]
    assert verbs
    assert [(viewset, name) for viewset, name in verbs if name not in viewset.verb_permissions] == []


def test_every_row_that_a_body_names_is_looked_up_among_one_s_own() -> None:
    fields = [
        (serializer, name, field)
        for serializer in _all(serializers.Serializer)
        if serializer.__module__.startswith(("wxcore", "followers", "campaigns", "callbacks"))
        for name, field in serializer._declared_fields.items()
        if isinstance(field, serializers.RelatedField) and not field.read_only
    ]
    assert fields
    assert [entry for entry in fields if not isinstance(entry[2], RowField)] == []


@pytest.mark.parametrize("endpoint", LISTS, ids=route)
def test_a_member_s_list_costs_what_a_superuser_s_costs(admin_client: Client, db: None, endpoint: Endpoint) -> None:
    """And two queries for the memberships and their permissions, one for a page, however many there are."""
    here = account("ours", OURS)
    rows: dict[str, Model] = populate(here, OURS)
    user = member(here, "administrator", "visitor")
    for number in range(3):
        more = account(f"more{number}", f"更多{number}")
        populate(more, f"更多{number}")
        User.objects.get(pk=user.pk).memberships.create(account=more, role=user.memberships.get(account=here).role)

    address = endpoint.address(rows)
    costs = [_queries(client, address) for client in (admin_client, logged_in(user))]

    allowed = READS_RIGHTS + (READS_PAGE if endpoint.route.startswith("api/") else 0)
    assert costs[1] <= costs[0] + allowed


def _queries(client: Client, address: str) -> int:
    client.get(address)  # what is asked once in a process is not counted
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def _is_of_persons(viewset: Any) -> bool:
    """Whose rows are no account's, but theirs who have logged in: tests/wxcore/api/test_own_tokens.py."""
    return bool(viewset.permission_classes == [LoggedInStaff] and viewset.queryset.model is ApiToken)


def _all(base: Any) -> list[Any]:
    return [found for child in base.__subclasses__() for found in (child, *_all(child))]

"""Publications and imports in the API."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from campaigns.models import Draft, LibraryImport, Publication
from tests.people import permit
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_draft_is_published(api: APIClient, draft: Draft) -> None:
    answer = api.post("/api/v1/publications/", {"draft": draft.pk, "version": draft.version}, format="json")

    assert (answer.status_code, answer.json()["status"], answer.json()["urls"]) == (201, "pending", [])
    assert api.get(f"/api/v1/publications/{answer.json()['id']}/").json()["draft"] == draft.pk


def test_another_version_is_a_conflict(api: APIClient, draft: Draft) -> None:
    answer = api.post("/api/v1/publications/", {"draft": draft.pk, "version": 99}, format="json")

    assert (answer.status_code, answer.json()["code"]) == (409, "draft_edited")
    assert not Publication.objects.exists()


def test_an_import_is_started_once(api: APIClient, account: OfficialAccount) -> None:
    first = api.post("/api/v1/imports/", {"account": account.pk}, format="json")
    second = api.post("/api/v1/imports/", {"account": account.pk}, format="json")

    assert (first.status_code, first.json()["percent"]) == (201, 0)
    assert (second.status_code, second.json()["code"]) == (409, "import_already_open")
    assert LibraryImport.objects.count() == 1


@pytest.mark.parametrize("body", [{}, {"draft": 999}, {"draft": "x"}, {"draft": None}])
def test_nonsense_is_refused(api: APIClient, body: dict[str, object]) -> None:
    assert api.post("/api/v1/publications/", body, format="json").status_code == 400


def test_each_needs_its_permission(staff_user: User, draft: Draft) -> None:
    client = APIClient()
    client.force_login(staff_user)
    permit(staff_user, "view_publication", "view_libraryimport")

    assert client.get("/api/v1/publications/").status_code == 200
    assert client.post("/api/v1/publications/", {"draft": draft.pk}, format="json").status_code == 403
    assert client.post("/api/v1/imports/", {"account": draft.account_id}, format="json").status_code == 403

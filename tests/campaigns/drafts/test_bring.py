"""Pictures of other sites become files of the library."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.test import Client

from campaigns import bringing, outside
from campaigns.models import Draft, MediaAsset
from tests.campaigns.drafts.conftest import picture
from wxcore.models import OfficialAccount

HERE = outside.Policy(allow=lambda address: address.is_loopback, ports=lambda port: True)


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def site() -> Iterator[str]:
    """Another site, with one picture."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = picture("purple", "WEBP" if self.path.endswith(".webp") else "PNG")
            self.send_response(200)
            self.send_header("Content-Type", "image/png")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_picture_is_fetched_and_stored_once(account: OfficialAccount, site: str) -> None:
    first = bringing.bring(account, f"{site}/a/%E8%8A%B1.png?x=1", by=None, policy=HERE)
    again = bringing.bring(account, f"{site}/b.png", by=None, policy=HERE)

    assert first == again == MediaAsset.objects.get()
    assert (first.name, first.width) == ("花.png", 94)


def test_webp_becomes_what_wechat_takes(account: OfficialAccount, site: str) -> None:
    assert bringing.bring(account, f"{site}/a.webp", by=None, policy=HERE).mime == "image/jpeg"


def test_a_picture_inside_the_text_becomes_a_file(account: OfficialAccount) -> None:
    url = "data:image/png;base64," + base64.b64encode(picture()).decode()

    assert bringing.bring(account, url, by=None).mime == "image/png"


def test_an_address_inside_our_network_is_refused_in_words(admin_client: Client, draft: Draft, site: str) -> None:
    response = admin_client.post(
        f"/admin/campaigns/draft/{draft.pk}/bring/", json.dumps({"url": f"{site}/a.png"}), "application/json"
    )

    assert response.status_code == 400
    assert response.json()["code"] == "outside_refused"
    assert not MediaAsset.objects.exists()

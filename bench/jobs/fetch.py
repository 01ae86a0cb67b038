"""The bare fetching of what a sync fetches: same pages, same threads, same look-ahead, decoded and thrown away."""

from __future__ import annotations

import json
import sys
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import requests
from django.conf import settings

from bench.jobs.account import APPID, SECRET

DETAILS = 100


class Fetching:
    """`requests` and nothing else: one session for each thread."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        self._threads = settings.SYNC_THREADS
        self._local = threading.local()
        credentials = {"grant_type": "client_credential", "appid": APPID, "secret": SECRET}
        self._token = self._session().post(f"{base_url}/cgi-bin/stable_token", json=credentials).json()["access_token"]

    def run(self) -> int:
        """This will fetch everything and count it."""
        fetched = 0
        with ThreadPoolExecutor(self._threads) as pool:
            page, details = self._page(pool, "")
            while page:
                following = self._page(pool, page["next_openid"])
                fetched += sum(len(part.result()["user_info_list"]) for part in details)
                page, details = following
        return fetched

    def _page(self, pool: ThreadPoolExecutor, next_openid: str) -> tuple[dict[str, Any], list[Future[Any]]]:
        query = {"access_token": self._token, "next_openid": next_openid}
        page = self._session().get(f"{self._base_url}/cgi-bin/user/get", params=query).json()
        openids = page["data"]["openid"] if page["count"] else []
        parts = [openids[start : start + DETAILS] for start in range(0, len(openids), DETAILS)]
        return page if openids else {}, [pool.submit(self._details, part) for part in parts]

    def _details(self, openids: list[str]) -> Any:
        url = f"{self._base_url}/cgi-bin/user/info/batchget"
        body = {"user_list": [{"openid": openid, "lang": "zh_CN"} for openid in openids]}
        return self._session().post(url, params={"access_token": self._token}, json=body).json()

    def _session(self) -> requests.Session:
        if not hasattr(self._local, "session"):
            self._local.session = requests.Session()
            self._local.session.trust_env = False  # looking for proxies would slow this side only
        return self._local.session


def main() -> None:
    fetching = Fetching(sys.argv[1])
    started = time.perf_counter()
    fetched = fetching.run()
    print(json.dumps({"seconds": time.perf_counter() - started, "fetched": fetched}))


if __name__ == "__main__":
    main()

"""What is not an API: the simulator's own picture host, the pictures of QR codes, and the pages of articles."""

from __future__ import annotations

import re

from wxcore.simulator.codes import picture
from wxcore.simulator.http import Reply, Request
from wxcore.simulator.pages import Page, render
from wxcore.simulator.world import World

FILE = re.compile(r"/mmbiz_[a-z0-9]+/([\w-]+)/0")
ARTICLE = re.compile(r"/s/([\w-]+)")
RANGE = re.compile(r"bytes=(\d+)-(\d*)")
NUMBERED = re.compile(r"(\d+)(?:_(\d+))?")


def serve(world: World, request: Request) -> Reply | None:
    """This will be the answer for a file or an article page, None for any other path."""
    if request.method not in ("GET", "HEAD"):
        return None
    if found := FILE.fullmatch(request.path):
        return _file(world, request, found[1])
    if request.path == "/cgi-bin/showqrcode":
        return _code(world, request.query.get("ticket", ""))
    if found := ARTICLE.fullmatch(request.path):
        return render(find_page(world, found[1]))
    return None


def find_page(world: World, key: str) -> Page | None:
    """This will be the page under `/s/<key>`: `<msg_id>_<n>`, `<publish_id>_<n>`, or a draft's temporary key."""
    numbered = NUMBERED.fullmatch(key)
    if not numbered:
        return _draft_page(world, key)
    number, index = int(numbered[1]), int(numbered[2] or 1)
    job = world.jobs.get(number)
    if job and job.finished and 1 <= index <= len(job.content.articles):
        dead = job.state == "deleted" or index in job.dead
        return Page(job.content.articles[index - 1], world.name(job.appid), job.finished, dead)
    found = world.publications.get(number)
    if found and found.finished and 1 <= index <= len(found.articles):
        return Page(found.articles[index - 1], world.name(found.appid), found.finished, index in found.dead)
    return None


def _draft_page(world: World, key: str) -> Page | None:
    for account in world.accounts():
        with account.lock:
            article = account.previews.get(key) or account.drafts.article(key)
        if article:
            return Page(article, world.name(account.appid), None)
    return None


def _code(world: World, ticket: str) -> Reply:
    for account in world.accounts():
        with account.lock:
            code = account.codes.get(ticket)
        if code and code.alive(world.clock.now()):
            return Reply(picture(code), 200, "image/jpeg")
    return Reply(b"", 404, "text/plain")


def _file(world: World, request: Request, file_id: str) -> Reply:
    file = world.files.get(file_id)
    if file is None:
        return Reply(b"", 404, "text/plain")
    headers = {"Accept-Ranges": "bytes", "Cache-Control": "max-age=86400"}
    wanted = RANGE.fullmatch(request.headers.get("range", ""))
    if wanted is None:
        return Reply(file.content, 200, file.facts.mime, headers=headers)
    start, size = int(wanted[1]), len(file.content)
    end = min(int(wanted[2] or size - 1), size - 1)
    if start > end:
        return Reply(b"", 416, file.facts.mime, headers=headers | {"Content-Range": f"bytes */{size}"})
    headers["Content-Range"] = f"bytes {start}-{end}/{size}"
    return Reply(file.content[start : end + 1], 206, file.facts.mime, headers=headers)

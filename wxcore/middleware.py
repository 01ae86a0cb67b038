"""Language, the reader's own choice and Chinese until then; the account that lists show; what a page's fragments answer
after a logout."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils import translation

from wxcore import rights
from wxcore.admin import switcher

# Pages of the admin, by the names of their addresses, that list what belongs to official accounts.
LISTING = re.compile(
    r"index|(followers|campaigns|callbacks|wxcore_webhook)\w*_(changelist|export_list|calendar|events|day)"
)


class ChosenLanguageMiddleware:
    """This will activate the language of the cookie that the language switch sets, or the default.

    Django's own LocaleMiddleware follows Accept-Language, which greets staff in China in English whenever their
    browser is installed in English.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.known = dict(settings.LANGUAGES)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in self.known else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
            return response


class ChosenAccountMiddleware:
    """This will have the pages that list something show no more than the account of the account switcher."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, options: Any) -> None:
        found = request.resolver_match
        if found is not None and found.app_name == "admin" and LISTING.fullmatch(found.url_name or ""):
            account = switcher.chosen(request)
            if account is not None:
                rights.narrow(request.user, account)


class FragmentLoginMiddleware:
    """This will answer a fragment of a page (htmx) with 401 where a whole page would be sent to the login.

    htmx follows a redirect and would put the login form into the middle of the page. A page that only watches is loaded
    anew and so comes to the login; a page with a form is left alone, for the text that somebody wrote is in it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if "HX-Request" not in request.headers or response.status_code != 302:
            return response
        if not response.headers["Location"].startswith(resolve_url(settings.LOGIN_URL)):
            return response
        return HttpResponse(status=401, headers={"HX-Refresh": "true"} if request.method == "GET" else {})

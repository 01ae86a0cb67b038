"""The file of a media asset, and its thumbnail, for whoever may see the library."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path

from campaigns import serving
from wxcore.admin.base import Admin


class MediaFiles(Admin):
    """The addresses of the files; part of the library's admin."""

    def get_urls(self) -> list[URLPattern]:
        site, name = self.admin_site, "campaigns_mediaasset"
        return [
            path("<int:object_id>/file/", site.admin_view(self.file_view, cacheable=True), name=f"{name}_file"),
            path("<int:object_id>/thumb/", site.admin_view(self.thumb_view, cacheable=True), name=f"{name}_thumb"),
            *super().get_urls(),
        ]

    def file_view(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        return serving.file(request, self.load(request, str(object_id)))

    def thumb_view(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        return serving.thumb(request, self.load(request, str(object_id)))

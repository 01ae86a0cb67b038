"""Every address of the site; the only module that knows every app."""

from django.contrib import admin
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.urls import include, path, re_path
from django.views.defaults import page_not_found
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from callbacks import api as callbacks_api
from callbacks.views import callback
from campaigns import api as campaigns_api
from followers import api as followers_api
from wxcore import api as wxcore_api
from wxcore import health
from wxcore.admin import finding, switcher
from wxcore.api import build_router
from wxcore.dashboard import dashboard
from wxcore.metrics import metrics

# In the order in which the schema lists them.
router = build_router(wxcore_api, followers_api, campaigns_api, callbacks_api)

handler400, handler404, handler500 = (f"wxcore.api.pages.{name}" for name in ("bad_request", "not_found", "broken"))

urlpatterns = [
    path("", dashboard, name="dashboard"),
    # Django leads from here to any row's page, and so tells whether there is such a row.
    re_path("^admin/r/", page_not_found, {"exception": Http404()}),
    path("admin/search/", finding.search),
    path("admin/choose-account/", switcher.choose, name="choose_account"),
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("wechat/<slug:slug>/", callback, name="callback"),
    path("api/v1/", include(router.urls)),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", login_required(SpectacularSwaggerView.as_view(url_name="schema")), name="docs"),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", metrics),
]

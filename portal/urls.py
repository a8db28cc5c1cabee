"""The outer doors: the portal's own pages, sign-in, the admin site, health."""

from django.urls import include, path, re_path

from governance.admin import site
from governance.views import health
from governance.web import errors

urlpatterns = [
    path("", include("governance.urls")),
    re_path(
        r"^accounts/(?:email|confirm-email|login/code)/", errors.closed
    ),  # nobody changes their own address (product rule 4)
    path("accounts/", include("allauth.urls")),
    path("admin/r/<path:rest>", errors.closed),  # leads to pages of rows that Django would guess
    path("admin/", site.urls),
    path("livez", health.live, name="live"),
    path("readyz", health.ready, name="ready"),
]
handler400 = errors.bad_request
handler403 = errors.not_permitted
handler404 = errors.not_found
handler429 = errors.too_many
handler500 = errors.failed

"""The admin site itself: for whom it opens, and what its own pages are."""

from __future__ import annotations

from functools import update_wrapper

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView, redirect_to_login
from django.core.exceptions import BadRequest
from django.http import HttpResponseRedirect
from django.urls import reverse

from ..web.access import require_permission
from ..web.django_admin import NamedChoicesSite
from .contents import entries_by_group

OPENS_FOR = "change_organization"


class PortalAdminSite(NamedChoicesSite):
    """Opens for those who administer; signs in, out and changes passwords where everybody does, so
    that a second factor counts here too.
    """

    site_header = site_title = index_title = "Site administration"
    index_template = "admin/portal_index.html"
    site_url = "/"
    enable_nav_sidebar = False

    def has_permission(self, request):
        return may(request, OPENS_FOR)

    def each_context(self, request):
        """Add the lists by group, for the menu and the start page, and the one that is open."""
        context = super().each_context(request)
        groups = entries_by_group(context["available_apps"], request.path)
        open_now = [each for _title, entries in groups for each in entries if each["is_current"]]
        return {**context, "groups": groups, "here": open_now[0] if open_now else None}

    def app_index(self, request, app_label, extra_context=None):
        """One start page lists everything."""
        return HttpResponseRedirect(reverse("admin:index"))

    def admin_view(self, view, cacheable=False):
        protected_view = super().admin_view(view, cacheable)

        def permitted_view(request, *args, **kwargs):
            require_permission(request, OPENS_FOR)
            if "%00" in request.META.get("QUERY_STRING", ""):
                raise BadRequest("a NUL, which PostgreSQL looks for in no text")
            return protected_view(request, *args, **kwargs)

        return update_wrapper(permitted_view, protected_view)

    @login_not_required
    def login(self, request, extra_context=None):
        """Nobody signs in here."""
        if request.user.is_authenticated:
            require_permission(request, OPENS_FOR)
            return HttpResponseRedirect(reverse("admin:index"))
        return redirect_to_login(reverse("admin:index"))

    def logout(self, request, extra_context=None):
        return LogoutView.as_view(next_page="account_login")(request)

    def password_change(self, request, extra_context=None):
        return HttpResponseRedirect(reverse("account_change_password"))

    password_change_done = password_change


site = PortalAdminSite(name="admin")


def may(request, permission: str | None) -> bool:
    """Whether the person holds a permission of rules/roles.py; None is what nobody may."""
    return permission is not None and request.user.has_perm(f"governance.{permission}")

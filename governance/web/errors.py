"""Pages for what went wrong: each says what happened and what to do."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render

from ..rules.roles import roles_that_may


def bad_request(request, exception=None):
    return render(request, "400.html", status=400)


def not_permitted(request, exception=None):
    """403, naming the roles that may, where the page said which permission it needs."""
    permission = getattr(exception, "permission", None)
    return render(
        request,
        "403.html",
        {"roles_that_may": roles_that_may(permission) if permission else ()},
        status=403,
    )


class DeletedMeanwhile(Http404):
    """Somebody is about to change an organization that was deleted, perhaps while they typed."""

    def __init__(self, organization):
        super().__init__(f"{organization} was deleted")
        self.organization = organization


def not_found(request, exception=None):
    return render(
        request, "404.html", {"deleted": getattr(exception, "organization", None)}, status=404
    )


@login_not_required
def closed(request, rest: str = ""):
    """A page of a library that the portal does not offer."""
    raise Http404


def too_many(request):
    return render(request, "429.html", status=429)


def failed(request):
    return render(
        request, "500.html", {"request_id": getattr(request, "request_id", "")}, status=500
    )

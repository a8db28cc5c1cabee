"""Whether the portal lives and is ready to serve, for whoever watches it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ..queries.readiness import readiness


@login_not_required
@require_safe
@never_cache
def live(request):
    return JsonResponse({"status": "alive"})


@login_not_required
@require_safe
@never_cache
def ready(request):
    """200 when every check holds that serving depends on, else 503; warnings are listed and do not
    matter to the status.
    """
    answer = readiness(timezone.now())
    return JsonResponse(answer.as_json(), status=200 if answer.is_ready else 503)

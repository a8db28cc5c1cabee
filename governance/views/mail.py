"""Mail that the portal wrote, for Global administrators: what waits, was sent, failed, or was not
sent because no mail server is set up.
"""

from __future__ import annotations

from django.conf import settings
from django.http import Http404
from django.shortcuts import render

from ..queries.mail import STATES, mail_page, readable_mail
from ..web.access import needs


@needs("view_mail")
def mail_list(request):
    state = request.GET.get("state", "")
    page = mail_page(state if state in STATES else "", request.GET.get("cursor", ""))
    return render(
        request,
        "governance/mail/list.html",
        {"page": page, "states": STATES, "sends": bool(settings.EMAIL_URL)},
    )


@needs("view_mail")
def detail(request, number: int):
    mail = readable_mail(number, reader=request.user) if number < 2**63 else None
    if mail is None:
        raise Http404
    return render(
        request,
        "governance/mail/detail.html",
        {"found": mail, "mail": mail.mail},
    )

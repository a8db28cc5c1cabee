"""The pages of requests, access, approvals, vouchers and proposed organizations, with something in
each.
"""

from __future__ import annotations

from django.utils import timezone

from governance.models import Organization
from tests import make, make_requests, make_vouchers

LIST = "/connected-organizations/"


def filled_requests(ada, sam, fabrikam, proposed: Organization) -> dict[str, str]:
    """Paths by what they show; `ada` is asked to approve."""
    now = timezone.now()
    package = make.package("Site access")
    make_requests.resource(package, make_requests.group("Site visitors"))
    policy = make.policy(package, "named", fabrikam)
    make_requests.with_stages(
        policy, make_requests.named_stage(ada, sam), ends="days", lasts_days=60
    )
    waiting = make_requests.request(package, "nina@fabrikam.example", at=now)
    access = make_requests.access(package, "nora@fabrikam.example", at=now)
    voucher = make_vouchers.voucher(fabrikam, "freya@freelance.example")
    one, request = f"{LIST}{fabrikam.uuid}/", f"/requests/{waiting.uuid}/"
    return {
        "requests": "/requests/",
        "requests, none": "/requests/?email=nobody@nowhere.example",
        "request": request,
        "cancel a request": f"{request}cancel/",
        "assignments": "/assignments/",
        "assign directly": "/assignments/assign/",
        "end access": f"/assignments/{access.uuid}/end/",
        "approvals": "/approvals/",
        "approval": f"/approvals/{waiting.uuid}/",
        "deputy": "/approvals/deputy/",
        "package, people": f"/access-packages/{package.uuid}/people/",
        "package, requests": f"/access-packages/{package.uuid}/requests/",
        "package, resources": f"/access-packages/{package.uuid}/resources/",
        "organization, people": f"{one}people/",
        "organization, vouchers": f"{one}vouchers/",
        "give a voucher": f"{one}vouchers/give/",
        "withdraw a voucher": f"/vouchers/{voucher.uuid}/withdraw/",
        "proposed organizations": f"{LIST}proposed/",
        "snoozed organizations": f"{LIST}proposed/?view=snoozed",
        "merge": f"{LIST}{proposed.uuid}/merge/",
        "refuse": f"{LIST}{proposed.uuid}/refuse/",
        "snooze": f"{LIST}{proposed.uuid}/snooze/",
        "guests": "/settings/guests/",
        "my access": "/my-access/",
        "my requests": "/my-access/requests/",
    }

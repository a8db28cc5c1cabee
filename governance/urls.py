"""Every page by its noun. A path without a row in tests/views/test_matrix.py fails there."""

from __future__ import annotations

from django.urls import path, register_converter

from .views import audit_log, demo, guide, mail, overview, settings, what_if
from .views.access_packages import catalogs, packages, policies, resources
from .views.access_packages import wizard as package_wizard
from .views.access_requests import assignments, requests
from .views.approvals import deputies as approval_deputies
from .views.approvals import pages as approvals
from .views.approvals import together as approvals_together
from .views.connecting import drafts, panes, wizard
from .views.domain_list import own_domains, rules
from .views.my_access import access as my_access_access
from .views.my_access import available as my_access
from .views.my_access import requesting
from .views.my_access import requests as own_requests
from .views.my_access import sign_in as my_access_sign_in
from .views.organizations import (
    basics,
    deletion,
    detail,
    inbox,
    listing,
    sources,
    sponsors,
    vouchers,
)
from .views.people import account, invitations, pages
from .views.resources import groups, webhooks


class SponsorKind:
    """The two kinds of sponsors, as they stand in a path."""

    regex = "internal|external"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


register_converter(SponsorKind, "sponsor_kind")
_ORGANIZATIONS = "connected-organizations/"
_ONE = f"{_ORGANIZATIONS}<uuid:key>/"
_ADD = f"{_ORGANIZATIONS}add/"
_DRAFT = f"{_ADD}<uuid:draft>/"
_LIST = "allow-deny-list/"
_PACKAGES = "access-packages/"
_PACKAGE = f"{_PACKAGES}<uuid:key>/"
_REQUESTS = "requests/"
_ASSIGNMENTS = "assignments/"
_APPROVALS = "approvals/"
_PEOPLE = "people/"
_GROUP = "groups/<uuid:key>/"
_WEBHOOK = "webhooks/<uuid:key>/"
_PERSON = f"{_PEOPLE}<uuid:key>/"
_MY_ACCESS = "my-access/"

urlpatterns: list = [
    # overview and search
    path("", overview.overview, name="overview"),
    path("first-steps/hide/", overview.hide_first_steps, name="first_steps_hide"),
    path("search/", overview.search, name="search"),
    # help
    path("help/", guide.contents, name="help"),
    path("help/<slug:name>/", guide.page, name="help_page"),
    # connected organizations
    path(_ORGANIZATIONS, listing.organization_list, name="organization_list"),
    path(
        f"{_ORGANIZATIONS}export/",
        listing.organization_export,
        name="organization_export",
    ),
    path(_ONE, detail.detail, name="organization_detail"),
    path(f"{_ONE}directories/", detail.directories, name="organization_directories"),
    path(f"{_ONE}sponsors/", detail.sponsor_list, name="organization_sponsors"),
    path(
        f"{_ONE}sponsors/<uuid:person>/remove/",
        sponsors.remove_sponsor,
        name="organization_remove_sponsor",
    ),
    path(f"{_ONE}people/", detail.people, name="organization_people"),
    path(f"{_ONE}vouchers/", vouchers.voucher_list, name="organization_vouchers"),
    path(f"{_ONE}vouchers/give/", vouchers.give, name="voucher_give"),
    path("vouchers/propose/", vouchers.propose, name="voucher_propose"),
    path("vouchers/<uuid:key>/approve/", vouchers.approve, name="voucher_approve"),
    path("vouchers/<uuid:key>/refuse/", vouchers.refuse, name="voucher_refuse"),
    path("vouchers/<uuid:key>/withdraw/", vouchers.withdraw, name="voucher_withdraw"),
    path(f"{_ONE}access/", detail.access, name="organization_access"),
    path(f"{_ONE}activity/", detail.activity, name="organization_activity"),
    path(f"{_ONE}edit/basics/", basics.edit_basics, name="organization_edit_basics"),
    path(
        f"{_ONE}edit/directories/",
        sources.edit_sources,
        name="organization_edit_sources",
    ),
    path(
        f"{_ONE}edit/sponsors/<sponsor_kind:kind>/",
        sponsors.edit_sponsors,
        name="organization_edit_sponsors",
    ),
    path(f"{_ONE}delete/", deletion.delete, name="organization_delete"),
    path(f"{_ONE}restore/", deletion.restore, name="organization_restore"),
    path(f"{_ONE}release/", deletion.release, name="organization_release"),
    # proposed organizations, merging
    path(f"{_ORGANIZATIONS}proposed/", inbox.proposed, name="organization_inbox"),
    path(f"{_ONE}merge/", inbox.merge, name="organization_merge"),
    path(f"{_ONE}refuse/", inbox.refuse, name="organization_refuse"),
    path(f"{_ONE}snooze/", inbox.snooze, name="organization_snooze"),
    path("merges/<uuid:key>/undo/", inbox.undo_merge, name="organization_undo_merge"),
    # adding a connected organization
    path(_ADD, wizard.start, name="organization_add"),
    path(f"{_ADD}discard/", drafts.discard_all, name="drafts_discard"),
    path(f"{_DRAFT}discard/", drafts.discard, name="draft_discard"),
    path(
        f"{_DRAFT}directories/select/",
        panes.directories,
        name="organization_pane_directories",
    ),
    path(
        f"{_DRAFT}sponsors/<sponsor_kind:kind>/",
        panes.sponsors,
        name="organization_pane_sponsors",
    ),
    path(f"{_DRAFT}<slug:step>/", wizard.step, name="organization_add_step"),
    # allow and deny list
    path(_LIST, rules.rules, name="domain_list"),
    path(f"{_LIST}add/", rules.add, name="domain_list_add"),
    path(f"{_LIST}default/", rules.default, name="domain_list_default"),
    path(f"{_LIST}own-names/", own_domains.own_names, name="own_names"),
    path(f"{_LIST}own-names/add/", own_domains.own_name_add, name="own_name_add"),
    path(
        f"{_LIST}own-names/<int:number>/remove/",
        own_domains.own_name_remove,
        name="own_name_remove",
    ),
    path(f"{_LIST}<uuid:key>/", rules.rule, name="domain_list_rule"),
    path(f"{_LIST}<uuid:key>/remove/", rules.remove, name="domain_list_remove"),
    # people
    path(_PEOPLE, pages.person_list, name="person_list"),
    path(f"{_PEOPLE}add/", pages.add, name="person_add"),
    path(f"{_PEOPLE}invite/", pages.invite, name="person_invite"),
    path(_PERSON, pages.detail, name="person_detail"),
    path(f"{_PERSON}block/", pages.block, name="person_block"),
    path(f"{_PERSON}unblock/", pages.unblock, name="person_unblock"),
    path(f"{_PERSON}remove/", pages.remove, name="person_remove"),
    path(f"{_PERSON}roles/", pages.roles, name="person_roles"),
    path(f"{_PERSON}invitation/resend/", pages.resend, name="invitation_resend"),
    path(f"{_PERSON}invitation/cancel/", pages.cancel, name="invitation_cancel"),
    path("invitations/<str:token>/", invitations.accept, name="invitation_accept"),
    # account
    path("account/", account.account, name="account"),
    path("account/theme/", account.theme, name="theme"),
    path("settings/guests/", settings.guests, name="settings_guests"),
    path("demo-data/remove/", demo.remove, name="demo_remove"),
    path("mail/", mail.mail_list, name="mail_list"),
    path("mail/<int:number>/", mail.detail, name="mail_detail"),
    # access packages and policies
    path(_PACKAGES, packages.package_list, name="package_list"),
    path(f"{_PACKAGES}add/", package_wizard.start, name="package_add"),
    path(f"{_PACKAGES}add/<uuid:draft>/<slug:step>/", package_wizard.step, name="package_add_step"),
    path(_PACKAGE, packages.detail, name="package_detail"),
    path(f"{_PACKAGE}resources/", packages.resources, name="package_resources"),
    path(f"{_PACKAGE}resources/add/", resources.resource_add, name="package_resource_add"),
    path("resources/<uuid:key>/remove/", resources.resource_remove, name="resource_remove"),
    path(f"{_PACKAGE}policies/", packages.policies, name="package_policies"),
    path(f"{_PACKAGE}people/", packages.people, name="package_people"),
    path(f"{_PACKAGE}requests/", packages.requests, name="package_requests"),
    path(f"{_PACKAGE}activity/", packages.activity, name="package_activity"),
    path(f"{_PACKAGE}edit/", packages.edit, name="package_edit"),
    path(f"{_PACKAGE}policies/add/", policies.policy_add, name="policy_add"),
    path("policies/<uuid:key>/edit/", policies.policy_edit, name="policy_edit"),
    path("policies/<uuid:key>/remove/", policies.policy_remove, name="policy_remove"),
    path(f"{_PACKAGE}move/", catalogs.move, name="package_move"),
    # catalogs, groups and webhooks
    path("catalogs/", catalogs.catalog_list, name="catalog_list"),
    path("catalogs/add/", catalogs.add, name="catalog_add"),
    path("catalogs/<uuid:key>/", catalogs.detail, name="catalog_detail"),
    path("catalogs/<uuid:key>/edit/", catalogs.edit, name="catalog_edit"),
    path("catalogs/<uuid:key>/remove/", catalogs.remove, name="catalog_remove"),
    path("groups/", groups.group_list, name="group_list"),
    path("groups/export/", groups.group_export, name="group_export"),
    path("groups/add/", groups.add, name="group_add"),
    path(_GROUP, groups.detail, name="group_detail"),
    path(f"{_GROUP}export/", groups.member_export, name="group_member_export"),
    path(f"{_GROUP}edit/", groups.edit, name="group_edit"),
    path(f"{_GROUP}remove/", groups.remove, name="group_remove"),
    path(f"{_GROUP}members/add/", groups.member_add, name="group_member_add"),
    path(
        f"{_GROUP}members/<uuid:person>/remove/",
        groups.member_remove,
        name="group_member_remove",
    ),
    path("webhooks/", webhooks.webhook_list, name="webhook_list"),
    path("webhooks/add/", webhooks.add, name="webhook_add"),
    path(_WEBHOOK, webhooks.detail, name="webhook_detail"),
    path(f"{_WEBHOOK}edit/", webhooks.edit, name="webhook_edit"),
    path(f"{_WEBHOOK}secret/", webhooks.renew_secret, name="webhook_secret"),
    path(f"{_WEBHOOK}remove/", webhooks.remove, name="webhook_remove"),
    # My Access
    path(_MY_ACCESS, my_access.available, name="my_access"),
    path(f"{_MY_ACCESS}code/", my_access_sign_in.code, name="my_access_code"),
    path(
        f"{_MY_ACCESS}code/again/",
        my_access_sign_in.send_again,
        name="my_access_send_again",
    ),
    path(f"{_MY_ACCESS}sign-out/", my_access_sign_in.sign_out, name="my_access_sign_out"),
    # requests and assignments
    path(_REQUESTS, requests.request_list, name="request_list"),
    path(f"{_REQUESTS}export/", requests.export, name="request_export"),
    path(f"{_REQUESTS}<uuid:key>/", requests.detail, name="request_detail"),
    path(f"{_REQUESTS}<uuid:key>/cancel/", requests.cancel, name="request_cancel"),
    path(f"{_REQUESTS}<uuid:key>/resume/", requests.resume, name="request_resume"),
    path(f"{_REQUESTS}<uuid:key>/retry/", requests.retry, name="request_retry"),
    path(_ASSIGNMENTS, assignments.assignment_list, name="assignment_list"),
    path(f"{_ASSIGNMENTS}export/", assignments.export, name="assignment_export"),
    path(f"{_ASSIGNMENTS}assign/", assignments.assign, name="assign"),
    path(f"{_ASSIGNMENTS}<uuid:key>/", assignments.detail, name="assignment_detail"),
    path(f"{_ASSIGNMENTS}<uuid:key>/end/", assignments.end, name="assignment_end"),
    # approvals
    path(_APPROVALS, approvals.approval_list, name="approval_list"),
    path(f"{_APPROVALS}count/", approvals.count, name="approval_count"),
    path(f"{_APPROVALS}review/", approvals_together.review, name="approval_review"),
    path(f"{_APPROVALS}deputy/", approval_deputies.deputy, name="deputy"),
    path(f"{_APPROVALS}deputy/<uuid:key>/end/", approval_deputies.end, name="deputy_end"),
    path(f"{_APPROVALS}<uuid:key>/", approvals.detail, name="approval"),
    path(f"{_APPROVALS}<uuid:key>/undo/", approvals.undo, name="approval_undo"),
    path(
        f"{_MY_ACCESS}request/<uuid:key>/",
        requesting.request_package,
        name="my_access_request_package",
    ),
    path(f"{_MY_ACCESS}requests/", own_requests.requests, name="my_access_requests"),
    path(f"{_MY_ACCESS}requests/<uuid:key>/", own_requests.own, name="my_access_request"),
    path(
        f"{_MY_ACCESS}requests/<uuid:key>/withdraw/",
        own_requests.withdraw_own,
        name="my_access_withdraw",
    ),
    path(f"{_MY_ACCESS}access/", my_access_access.access, name="my_access_access"),
    path(
        f"{_MY_ACCESS}access/<uuid:key>/extend/",
        my_access_access.extend,
        name="my_access_extend",
    ),
    path(
        f"{_MY_ACCESS}access/<uuid:key>/give-back/",
        my_access_access.give_back_own,
        name="my_access_give_back",
    ),
    # what-if
    path("what-if/", what_if.what_if, name="what_if"),
    path("what-if/tests/", what_if.save, name="what_if_save"),
    path("what-if/tests/<uuid:key>/remove/", what_if.remove, name="what_if_remove"),
    path("what-if/overlaps/", what_if.overlap_map, name="overlap_map"),
    # audit log
    path("audit-log/", audit_log.audit_log, name="audit_log"),
    path("audit-log/export/", audit_log.export, name="audit_export"),
    path("audit-log/<int:number>/", audit_log.detail, name="audit_event"),
]

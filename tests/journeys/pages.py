"""Every page and state of the portal, by what it shows, over worlds with something of everything
and with nothing.
"""

from __future__ import annotations

from governance.actions import what_if
from governance.actions.access_packages import packages, policies
from governance.actions.organizations.deletion import delete
from governance.models import AuditEvent, Draft
from governance.rules.access_packages.terms import NewPolicy
from governance.rules.organizations import NewSource, source_as_json
from governance.rules.roles import SYSTEM
from tests import make

ADD, LIST = "/connected-organizations/add/", "/connected-organizations/"
FINDINGS = {
    "a directory": "pumpworks.example",
    "a domain": "other.example",
    "taken": "fabrikam.example",
    "in the selection": "contoso.example",
    "blocked by a rule": "a.norr.example",
    "our own": "harbourgate.example",
    "public mail": "gmail.com",
    "part of a name": "fabri",
    "a link": "https://other.example/x",
    "mixed alphabets": "cont\u043eso.test",
    "a look-alike": "fabrik\u0430m.example",
    "kept shut": "gone.example",
    "beneath another's": "eng.fabrikam.example",
    "beneath a directory's": "dept.pumpworks.example",
    "a public suffix": "co.uk",
    "in other letters": "b\u00fccher.example",
    "long": f"{'c' * 63}.{'d' * 63}.example",
}
EMPTY = {
    "overview of a new portal": "/",
    "no organizations": LIST,
    "no proposed ones": f"{LIST}?view=proposed",
    "no blocked ones": f"{LIST}?view=blocked",
    "no deleted ones": f"{LIST}?view=deleted",
    "no rules": "/allow-deny-list/",
    "no own names": "/allow-deny-list/own-names/",
    "no guests": "/people/?kind=guest",
    "no packages": "/access-packages/",
    "no tests": "/what-if/",
    "no overlaps": "/what-if/overlaps/",
    "no events": "/audit-log/",
    "no mail": "/mail/",
    "nothing found": "/search/?q=zzz",
    "nothing searched": "/search/",
    "no demo data": "/demo-data/remove/",
    "no drafts": f"{ADD}discard/",
}


def draft(author, **answers) -> str:
    """The path of a draft with these answers."""
    row = Draft.objects.create(
        author=author, answers=answers, started_at=make.NOON, saved_at=make.NOON
    )
    return f"{ADD}{row.uuid}/"


def sources(*domains: str) -> dict:
    return {"sources": [source_as_json(NewSource(domain)) for domain in domains]}


def filled(ada, sam, fabrikam, bob) -> dict[str, str]:
    """Paths by what they show, with long names, many domains and something in every list."""
    make.sponsor(fabrikam, sam)
    make.own_name("harbourgate.example")
    make.known_directory(
        "Pumpworks Group AG", "pumpworksgroup.directory.example", "pumpworks.example", "pw.example"
    )
    long = make.organization(
        "Ostrava Marine and a very long name that goes on " + "on " * 40,
        f"{'a' * 63}.example",
        *[f"d{n}.example" for n in range(20)],
    )
    proposed = make.organization("Proposed partner", "proposed.example", state="proposed")
    make.organization("Norr", "norr.example", description="Eine lange Beschreibung. " * 20)
    make.organization("Fabrikam labs", "labs.fabrikam.example")
    gone = make.organization("Gone", "gone.example")
    delete(organization=gone, by=SYSTEM, at=make.NOON)
    rule = make.list_rule("norr.example")
    package, policy = _package(ada)
    full = draft(
        ada,
        basics={"name": "Contoso"},
        directories=sources("contoso.example"),
        sponsors={"internal": [str(sam.uuid)]},
    )
    empty = draft(
        ada,
        basics={"name": ""},
        directories=sources(),
        checked={"basics": False, "directories": False},
    )
    many = draft(
        ada,
        basics={"name": "N" * 200},
        directories=sources(*(f"{'b' * 60}{n:03}.example" for n in range(20))),
    )
    blocked = draft(ada, basics={"name": "Blocked"}, directories=sources("x.norr.example"))
    one = f"{LIST}{fabrikam.uuid}/"
    return {
        "overview": "/",
        "help": "/help/",
        "help, a page": "/help/connecting-a-partner/",
        "list": LIST,
        "list, no match": f"{LIST}?q=nothing-like-it",
        "list, domain to add": f"{LIST}?q=new-partner.example",
        "list, of an address": f"{LIST}?q=a@eng.fabrikam.example",
        "list, deleted": f"{LIST}?view=deleted",
        "list, blocked": f"{LIST}?view=blocked",
        "search": "/search/?q=fabrikam",
        "search, an address": "/search/?q=a@fabrikam.example",
        "basics": ADD,
        "basics, refused": f"{empty}basics/",
        "directories": f"{full}directories/",
        "directories, refused": f"{empty}directories/",
        "directories, twenty": f"{many}directories/",
        "sponsors": f"{full}sponsors/",
        "sponsors, none": f"{empty}sponsors/",
        "review": f"{full}review/?address=a@eng.contoso.example",
        "review, no match": f"{full}review/?address=a@evilcontoso.example",
        "review, not ready": f"{empty}review/",
        "review, twenty": f"{many}review/",
        "review, blocked": f"{blocked}review/?address=a@x.norr.example",
        "pane, a page": f"{full}directories/select/",
        "pane, of twenty": f"{many}directories/select/",
        "pane, found": f"{full}directories/select/?domain=pumpworks.example",
        "pane, sponsors": f"{full}sponsors/internal/",
        "pane, no sponsors": f"{full}sponsors/external/",
        "discard a draft": f"{full}discard/",
        "discard drafts": f"{ADD}discard/",
        "detail": one,
        "detail, long": f"{LIST}{long.uuid}/",
        "detail, directories": f"{one}directories/",
        "detail, sponsors": f"{one}sponsors/",
        "detail, access": f"{one}access/",
        "detail, activity": f"{one}activity/",
        "detail, proposed": f"{LIST}{proposed.uuid}/",
        "configure": f"{LIST}{proposed.uuid}/edit/basics/?state=configured",
        "detail, deleted": f"{LIST}{gone.uuid}/",
        "detail, deleted names": f"{LIST}{gone.uuid}/directories/",
        "edit": f"{one}edit/basics/",
        "edit sources": f"{one}edit/directories/",
        "edit sponsors": f"{one}edit/sponsors/external/",
        "delete": f"{one}delete/",
        "rules": "/allow-deny-list/",
        "rules, none": "/allow-deny-list/?q=zzz",
        "add rules": "/allow-deny-list/add/",
        "rule": f"/allow-deny-list/{rule.uuid}/",
        "remove rule": f"/allow-deny-list/{rule.uuid}/remove/",
        "default": "/allow-deny-list/default/",
        "own names": "/allow-deny-list/own-names/",
        "people": "/people/",
        "people, no match": "/people/?q=nobody",
        "person": f"/people/{bob.uuid}/",
        "member": f"/people/{sam.uuid}/",
        "roles": f"/people/{sam.uuid}/roles/",
        "invite": "/people/invite/",
        "add member": "/people/add/",
        "block": f"/people/{bob.uuid}/block/",
        "account": "/account/",
        "mail": "/mail/",
        "audit log": "/audit-log/",
        "audit log, none": "/audit-log/?actor=zzz",
        "event": f"/audit-log/{AuditEvent.objects.latest('id').pk}/",
        "packages": "/access-packages/",
        "package": f"/access-packages/{package.uuid}/",
        "add package": "/access-packages/add/",
        "edit package": f"/access-packages/{package.uuid}/edit/",
        **{
            f"package, {tab}": f"/access-packages/{package.uuid}/{tab}/"
            for tab in ("resources", "policies", "people", "requests", "activity", "move")
        },
        "add resource": f"/access-packages/{package.uuid}/resources/add/",
        "catalogs": "/catalogs/",
        "add catalog": "/catalogs/add/",
        "groups": "/groups/",
        "add group": "/groups/add/",
        "webhooks": "/webhooks/",
        "add webhook": "/webhooks/add/",
        "policy": f"/policies/{policy.uuid}/edit/",
        "add policy": f"/access-packages/{package.uuid}/policies/add/",
        "what-if": "/what-if/",
        "what-if, allowed": f"/what-if/?email=bob@eng.fabrikam.example&package={package.uuid}",
        "what-if, refused": "/what-if/?email=x@norr.example",
        "what-if, no address": "/what-if/?email=a@b@c",
        "overlaps": "/what-if/overlaps/",
        "missing": "/nothing-here/",
        "password": "/accounts/password/change/",
        "authenticator": "/accounts/2fa/",
    }


def _package(ada):
    package = packages.create_package(
        name="Drawings",
        description="Released drawings.",
        is_listed=True,
        is_open=True,
        by=SYSTEM,
        at=make.NOON,
    )
    policy = policies.create_policy(
        package=package,
        policy=NewPolicy("All partners", "all_configured"),
        by=SYSTEM,
        at=make.NOON,
    )
    what_if.save_test(
        name="Bob can ask",
        email="bob@eng.fabrikam.example",
        package=package,
        expects_allowed=True,
        by=make.actor(ada),
        at=make.NOON,
    )
    return package, policy

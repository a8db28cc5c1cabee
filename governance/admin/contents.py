"""What the site administration lists: its groups, and the name, icon and purpose of each list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Listed:
    """One kind of row. `empty` says what to do while there is none."""

    model: str
    name: str
    icon: str
    purpose: str
    empty: str


GROUPS: tuple[tuple[str, tuple[Listed, ...]], ...] = (
    (
        "Partners",
        (
            Listed(
                "organization",
                "Connected organizations",
                "org",
                "Partners whose people can request access, with their sources and sponsors.",
                "Add the first partner whose people should be able to request access.",
            ),
            Listed(
                "claim",
                "Domain claims",
                "globe",
                "Which source holds each domain, including domains reserved after a deletion.",
                "Claims appear when an organization gets a directory or domain.",
            ),
            Listed(
                "knowndirectory",
                "Known directories",
                "directory",
                "Partner directories that a domain search can find.",
                "Add a directory, so that a search for one of its domains finds it.",
            ),
        ),
    ),
    (
        "Domains",
        (
            Listed(
                "listrule",
                "Allow and deny list rules",
                "shield",
                "Domains that can or cannot request access, connected or not.",
                "Add a rule to allow or block a domain.",
            ),
            Listed(
                "listdefault",
                "Allow and deny list default",
                "stop",
                "What applies to domains without a rule.",
                "The default has never been changed: domains without a rule are allowed."
                " Change it on the Allow and deny list page of the portal.",
            ),
            Listed(
                "ownname",
                "Your domains",
                "home",
                "Your own organization’s domains. No partner can connect them.",
                "Add your own domains, so that nobody connects them as a partner.",
            ),
        ),
    ),
    (
        "People",
        (
            Listed(
                "person",
                "People",
                "people",
                "Members of your directory and guests from outside.",
                "Add a member, or invite a guest.",
            ),
            Listed(
                "invitation",
                "Invitations",
                "mail",
                "Invitations that were sent, and whether they were accepted.",
                "Invitations appear when you add a member or invite a guest.",
            ),
            Listed(
                "group",
                "Roles",
                "key",
                "What each role can do, and who holds it.",
                "Roles are created when the portal is set up.",
            ),
        ),
    ),
    (
        "Access",
        (
            Listed(
                "package",
                "Access packages",
                "box",
                "What people can request.",
                "Add the first package that people can request.",
            ),
            Listed(
                "policy",
                "Policies",
                "policy",
                "Who can request a package,"
                " whether requests need approval, and how long access lasts.",
                "Add a policy. Until a package has one, nobody can request it.",
            ),
            Listed(
                "accessrequest",
                "Requests",
                "policy",
                "Who requested which package, and what became of it.",
                "Requests appear when someone requests an access package.",
            ),
            Listed(
                "approvaldecision",
                "Decisions",
                "check",
                "Who approved, denied or sent back which request.",
                "Decisions appear when someone decides a request.",
            ),
            Listed(
                "assignment",
                "Assignments",
                "key",
                "Who has, or had, which access package.",
                "Assignments appear when access is granted.",
            ),
            Listed(
                "delivery",
                "Deliveries",
                "out",
                "What was done at each resource to give access or to take it away.",
                "Deliveries appear when access to a package with resources is set up.",
            ),
            Listed(
                "catalog",
                "Catalogs",
                "layers",
                "Groups of access packages, with the people who manage them.",
                "Add a catalog. Access packages without one are in General.",
            ),
            Listed(
                "accessgroup",
                "Groups",
                "people",
                "Groups of people that other systems read.",
                "Add a group, then let an access package give access to it.",
            ),
            Listed(
                "webhook",
                "Webhooks",
                "link",
                "Other systems that receive a message when access changes.",
                "Add a webhook on the Webhooks page of the portal.",
            ),
            Listed(
                "resource",
                "Resources of packages",
                "box",
                "The groups and webhooks that access packages give access to.",
                "Add a resource on the page of an access package in the portal.",
            ),
            Listed(
                "savedtest",
                "Saved what-if tests",
                "whatif",
                "Questions about access that are checked before every change.",
                "Save a test on the What-if checker page of the portal.",
            ),
        ),
    ),
    (
        "Records",
        (
            Listed(
                "auditevent",
                "Audit events",
                "history",
                "Every change and every refused attempt. Nobody can change or remove these.",
                "Events appear with the first change.",
            ),
            Listed(
                "mail",
                "Mail",
                "mail",
                "Messages from the portal, and whether they were sent.",
                "Messages appear when the portal sends the first one.",
            ),
            Listed(
                "draft",
                "Drafts",
                "edit",
                "Unfinished organizations and edits. Only the author can read the answers.",
                "Drafts appear when someone starts to add or edit an organization.",
            ),
        ),
    ),
)


def entries_by_group(apps: Iterable[dict], path: str) -> list[tuple[str, list[dict]]]:
    """Return the groups with the lists that the reader may open; `apps` are Django's own."""
    models = {model["object_name"].lower(): model for app in apps for model in app["models"]}
    groups = [
        (title, [_entry(each, models[each.model], path) for each in lists if each.model in models])
        for title, lists in GROUPS
    ]
    return [(title, entries) for title, entries in groups if entries]


def _entry(listed: Listed, model: dict, path: str) -> dict:
    url = model["admin_url"]
    return {
        "name": listed.name,
        "icon": listed.icon,
        "purpose": listed.purpose,
        "empty": listed.empty,
        "url": url,
        "add_url": model["add_url"],
        "is_read_only": model["view_only"],
        "is_current": bool(url) and path.startswith(url),
    }

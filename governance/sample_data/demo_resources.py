"""Catalogs and groups of the made-up access packages."""

from __future__ import annotations

from datetime import datetime

from ..actions.access_packages.resources import add_resource
from ..actions.catalogs import create_catalog
from ..actions.resources.groups import create_group
from ..models import Catalog, Package, Person
from ..rules.roles import Actor

# Name, description, the manager's name, the packages in it. The others are in General.
CATALOGS = (
    (
        "Plants and projects",
        "What suppliers and research partners work with.",
        "Tomas Oyelaran",
        ("Supplier drawings", "Project calendar", "Corrosion lab data"),
    ),
    ("Finance", "What auditors work with.", "Anneke Kuiper", ("Audit workspace",)),
)
# Package, then the name and the description of each group that it gives.
GROUPS = (
    (
        "Supplier drawings",
        ("Drawing readers", "Reads the drawings of plants 2 and 3."),
        ("Change note subscribers", "Gets change notes by email."),
    ),
    ("Project calendar", ("Project calendar readers", "Sees shutdowns and site visits.")),
    ("Audit workspace", ("Audit workspace members", "Opens the workspace of the auditors.")),
    ("Corrosion lab data", ("Corrosion lab readers", "Reads the measurements.")),
    ("Visitor network", ("Visitor network users", "Joins the wireless network.")),
)


def add_catalogs(by: Actor, at: datetime) -> dict[str, Catalog]:
    """Add the catalogs, and return by the names of the packages in which each belongs."""
    found = {}
    for name, description, manager, packages in CATALOGS:
        keys = [Person.objects.get(name=manager).uuid]
        catalog = create_catalog(name=name, description=description, managers=keys, by=by, at=at)
        found.update(dict.fromkeys(packages, catalog))
    return found


def add_groups(by: Actor, at: datetime) -> None:
    """Let the made-up packages give groups."""
    for package, *groups in GROUPS:
        for name, description in groups:
            group = create_group(name=name, description=description, by=by, at=at)
            add_resource(package=Package.objects.get(name=package), group=group, by=by, at=at)

"""The two portals that `make bench` compares, small and large: a database each, filled, with an
administrator signed in.
"""

from __future__ import annotations

import time
from copy import deepcopy
from dataclasses import dataclass
from functools import cache, cached_property

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.db.utils import load_backend
from django.test import Client
from django.utils import timezone

from governance.db.databases import learn_sizes
from governance.db.keyset import Cursor
from governance.models import Organization, Package, Person
from governance.queries.organizations.filters import SORTS
from governance.rules.roles import SYSTEM
from governance.sample_data.fill import fill

BACKEND = "governance.models.sign_in.RoleBackend"


@dataclass(eq=False)
class World:
    """A filled portal. All of the product uses its `connection` while it is entered."""

    size: int
    connection: object
    filled_in: float | None = None
    client: Client | None = None

    def enter(self) -> World:
        connections["default"] = self.connection
        return self

    def prepare(self) -> None:
        """Migrate, fill what is missing up to `size`, sign the first administrator in."""
        call_command("set_up", verbosity=0)
        missing = self.size - Organization.objects.count()
        if (
            missing > self.size // 100
        ):  # a few more or less than asked are those that earlier runs made
            started = time.perf_counter()
            fill(organizations=missing, by=SYSTEM, at=timezone.now())
            self.filled_in = time.perf_counter() - started
        learn_sizes()
        self.client = Client(SERVER_NAME="localhost")
        self.client.force_login(Person.objects.members().order_by("id")[0], backend=BACKEND)

    @cached_property
    def partner(self) -> Organization:
        """One from the middle that has people, so that its pages have something to show."""
        return (
            Organization.objects.present()
            .filter(people_count__gt=0, pk__gte=self.size // 2)
            .order_by("pk")[0]
        )

    @cached_property
    def domain(self) -> str:
        return self.partner.claims.present().order_by("id")[0].name

    @cached_property
    def package(self) -> Package:
        return Package.objects.order_by("-id")[0]

    @cache  # noqa: B019 -- worlds live as long as the program
    def cursor(self, sort: str, place: str) -> str:
        """Of the page in the middle of an order, or of its last one."""
        order = SORTS[sort]
        rows = Organization.objects.present().order_by(*order.order(backward=place == "last"))
        value, key = rows.values_list(order.column, "id")[25 if place == "last" else self.size // 2]
        return Cursor(value, key, start=self.size // 2).encode(order)


def worlds(small: int, large: int, folder: str) -> tuple[World, World]:
    """The small one stands beside the large one, which is the database of the settings."""
    made = tuple(
        World(size, _connect(name))
        for size, name in zip((small, large), _names(small, folder), strict=True)
    )
    for world in made:
        world.enter().prepare()
    return made


def forget(world: World) -> None:
    """Remove the small database on PostgreSQL; on SQLite it goes away with its folder."""
    name = world.connection.settings_dict["NAME"]
    world.connection.close()
    if world.connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')


def _names(small: int, folder: str) -> tuple[str, str]:
    name = str(settings.DATABASES["default"]["NAME"])
    if connection.vendor == "sqlite":
        return f"{folder}/small.sqlite3", name
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}_{small}"')
        cursor.execute(f'CREATE DATABASE "{name}_{small}"')
    return f"{name}_{small}", name


def _connect(name: str):
    """A connection of its own, without the pool, which knows databases by alias alone."""
    own = deepcopy(connections.settings["default"])
    own["NAME"] = name
    own["OPTIONS"].pop("pool", None)
    return load_backend(own["ENGINE"]).DatabaseWrapper(own, "default")

"""The stairs: a room imports from itself and from the floors below."""

import pytest

from tests.house import FLOORS, NEIGHBOURS_ALLOWED, ROOT, Module, imports, module_from, modules

MODULES = modules()


def climbs(module: Module) -> list[str]:
    """Imports of the house that the module's floor does not allow."""
    return sorted(
        name
        for name in imports(module)
        if name.startswith("governance.") and not _allowed(module, name)
    )


def _allowed(module: Module, imported: str) -> bool:
    room = imported.split(".")[1]
    if room == module.room or FLOORS.get(room, 9) < module.floor:
        return True
    return any(
        module.room == here and imported.startswith(f"governance.{there}")
        for here, there in NEIGHBOURS_ALLOWED
    )


@pytest.mark.parametrize(
    "module", [m for m in MODULES if m.floor is not None], ids=lambda m: m.name
)
def test_a_room_imports_from_itself_and_from_the_floors_below(module):
    assert climbs(module) == []


def test_every_module_stands_in_a_room_of_the_house():
    assert [module.name for module in MODULES if module.room and module.floor is None] == []


@pytest.mark.parametrize("module", [m for m in MODULES if m.room == "rules"], ids=lambda m: m.name)
def test_rules_know_neither_django_nor_the_clock_nor_the_network(module):
    forbidden = ("django", "os", "socket", "time", "requests", "random")
    assert [name for name in sorted(imports(module)) if name.split(".")[0] in forbidden] == []


@pytest.mark.parametrize(
    "module", [m for m in MODULES if m.floor is not None and m.floor < 5], ids=lambda m: m.name
)
def test_http_appears_on_the_floor_of_views_and_above(module):
    assert [
        name
        for name in sorted(imports(module))
        if name.startswith(("django.http", "django.shortcuts", "django.views"))
    ] == []


@pytest.mark.parametrize(
    "module", [m for m in MODULES if m.room == "connectors"], ids=lambda m: m.name
)
def test_connectors_never_import_models(module):
    assert [name for name in sorted(imports(module)) if name.startswith("governance.models")] == []


def test_a_planted_climb_is_found():
    planted = module_from(
        ROOT / "governance/rules/planted.py", "from ..actions.organizations import connect"
    )
    assert climbs(planted) == ["governance.actions.organizations.connect"]


def test_a_planted_step_to_a_room_next_door_is_found():
    planted = module_from(
        ROOT / "governance/actions/planted.py", "from ..forms.people import InviteForm"
    )
    assert climbs(planted) == ["governance.forms.people.InviteForm"]

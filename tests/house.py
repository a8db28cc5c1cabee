"""The house as data: every module with its room and what it imports. Used by test_floors and test_house."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FLOORS = {
    "rules": 0,
    "models": 1,
    "connectors": 1,
    "queries": 2,
    "impact": 3,
    "actions": 4,
    "forms": 4,
    "views": 5,
    "api": 5,
    "admin": 5,
    "management": 5,
    "templatetags": 5,
    "urls": 6,
    "apps": 6,
}
# The admin site is a set of pages of its own making: it borrows the door (who acts, who may) and how a form's version is read from the views.
NEIGHBOURS_ALLOWED = {
    ("admin", "views.access"),
    ("admin", "views.posted"),
    ("templatetags", "views.access"),
}


@dataclass(frozen=True)
class Module:
    path: Path
    name: str
    tree: ast.Module

    @property
    def room(self) -> str:
        return self.name.split(".")[1] if "." in self.name else ""

    @property
    def floor(self) -> int | None:
        return FLOORS.get(self.room)


def modules() -> list[Module]:
    """Every module of the app, migrations left out."""
    files = [path for path in (ROOT / "governance").rglob("*.py") if "migrations" not in path.parts]
    return [module_from(path, path.read_text()) for path in sorted(files)]


def module_from(path: Path, source: str) -> Module:
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    return Module(path, name, ast.parse(source))


def imports(module: Module) -> set[str]:
    """Full dotted names that the module imports, relative ones resolved."""
    package = module.name if module.path.name == "__init__.py" else module.name.rpartition(".")[0]
    found = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{_base(node, package)}.{alias.name}".strip(".") for alias in node.names}
    return found


def _base(node: ast.ImportFrom, package: str) -> str:
    if not node.level:
        return node.module or ""
    above = package.split(".")[: len(package.split(".")) - node.level + 1]
    return ".".join([*above, *([node.module] if node.module else [])])

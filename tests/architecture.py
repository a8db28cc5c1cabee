"""The source of the app as data: every module with its layer and what it imports."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LAYERS = {
    "rules": 0,
    "db": 1,
    "connectors": 1,
    "models": 2,
    "facts": 3,
    "impact": 4,
    "queries": 4,
    "actions": 5,
    "sample_data": 5,
    "forms": 5,
    "web": 6,
    "views": 7,
    "admin": 7,
    "management": 7,
    "templatetags": 7,
    "urls": 8,
    "apps": 8,
}
WEB = LAYERS["web"]


@dataclass(frozen=True)
class Module:
    path: Path
    name: str
    tree: ast.Module

    @property
    def package(self) -> str:
        """The layer's package that the module is in; "" for the app itself."""
        return self.name.split(".")[1] if "." in self.name else ""

    @property
    def layer(self) -> int | None:
        """The number of the layer, the lowest 0; None for what is in no layer."""
        return LAYERS.get(self.package)


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

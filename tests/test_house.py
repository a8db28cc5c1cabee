"""The rules of the house that imports do not show: clock, writing, signals, names, sizes, templates."""

import ast
import re
import statistics

import pytest

from tests.house import ROOT, Module, module_from, modules

MODULES = modules()
BELOW_VIEWS = [module for module in MODULES if module.floor is not None and module.floor < 4]
WRITES = {"create", "update", "delete", "save", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "add", "set", "remove", "clear"}
MODEL_WRITES = WRITES - {"add", "set", "remove", "clear"}
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def calls(module: Module) -> list[str]:
    """Every call as dotted text, such as "timezone.now" or "Organization.objects.create"."""
    return [ast.unparse(node.func) for node in ast.walk(module.tree) if isinstance(node, ast.Call)]


def clock_reads(module: Module) -> list[str]:
    return [call for call in calls(module) if call in ("timezone.now", "datetime.now", "datetime.utcnow", "date.today", "time.time", "timezone.localdate")
            and not _has_argument(module, call)]  # fmt: skip


def _has_argument(module: Module, call: str) -> bool:
    """timezone.localdate(at, ...) converts a given moment; only without one does it read the clock."""
    found = [node for node in ast.walk(module.tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == call]
    return all(node.args for node in found)


def row_writes(module: Module) -> list[str]:
    """Calls that write rows of our models through a manager or a row."""
    found = [call for call in calls(module) if call.rpartition(".")[2] in MODEL_WRITES and re.search(r"\.objects\b|\brow\.|person\.|organization\.", call)]
    return sorted(found)


def name_comparisons(module: Module) -> list[str]:
    """Splitting at @, or testing the end of a name, outside the one module that may."""
    found = []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            first = ast.unparse(node.args[0]) if node.args else ""
            if node.func.attr in ("split", "rsplit", "partition", "rpartition") and "@" in first:
                found.append(ast.unparse(node))
            if node.func.attr == "endswith" and re.search(r"domain|name|email|host|address", ast.unparse(node.func.value)):
                found.append(ast.unparse(node))
            found += [f"{word.arg}=" for word in node.keywords if word.arg and re.search(r"(domain|email|claim)\w*__(i?endswith|icontains|iexact)", word.arg)]
    return found


@pytest.mark.parametrize("module", BELOW_VIEWS, ids=lambda m: m.name)
def test_below_the_views_the_clock_is_an_argument(module):
    assert clock_reads(module) == []


@pytest.mark.parametrize("module", [m for m in MODULES if m.room in ("rules", "queries", "forms", "views", "templatetags", "admin", "management")], ids=lambda m: m.name)
def test_rows_are_written_in_actions_alone(module):
    assert row_writes(module) == []


@pytest.mark.parametrize("module", [m for m in MODULES if m.name != "governance.rules.email_domains"], ids=lambda m: m.name)
def test_one_module_alone_splits_and_compares_names(module):
    assert name_comparisons(module) == []


def test_the_only_signal_is_post_migrate():
    connected = [call for module in MODULES for call in calls(module) if call.endswith(".connect") and "signal" in ast.unparse(module.tree)]
    assert set(connected) == {"post_migrate.connect"}
    assert [m.name for m in MODULES for call in calls(m) if call == "receiver"] == []


def test_there_are_no_junk_drawers():
    junk = {"utils", "common", "helpers", "services", "managers", "misc", "lib"}
    assert [m.name for m in MODULES if junk & set(m.name.split("."))] == []


def test_a_planted_clock_read_is_found():
    planted = module_from(ROOT / "governance/actions/planted.py", "def f():\n    return timezone.now()")
    assert clock_reads(planted) == ["timezone.now"]


def test_a_planted_write_is_found():
    planted = module_from(ROOT / "governance/queries/planted.py", "Organization.objects.create(name='x')")
    assert row_writes(planted) == ["Organization.objects.create"]


def test_planted_comparisons_of_names_are_found():
    source = "email.split('@')\ndomain.endswith('.example')\nPerson.objects.filter(email__icontains='x')"
    planted = module_from(ROOT / "governance/views/planted.py", source)
    assert len(name_comparisons(planted)) == 3


def functions() -> list[tuple[str, int]]:
    found = []
    for module in MODULES:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                found.append((f"{module.name}.{node.name}", node.end_lineno - node.lineno + 1))
    return found


def test_the_median_function_has_fewer_than_eight_lines():
    assert statistics.median(lines for _name, lines in functions()) < 8


def test_no_function_is_longer_than_fifty_lines():
    assert [name for name, lines in functions() if lines > 50] == []


def test_no_file_is_longer_than_four_hundred_lines():
    long = [module.name for module in MODULES if len(module.path.read_text().splitlines()) > 400]
    assert long == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_templates_have_no_inline_script_style_or_handler(template):
    text = template.read_text()
    assert re.findall(r"<script(?![^>]*(?:src=|application/json))[^>]*>|<style|\sstyle=\"|\son\w+=\"|hx-on|\|safe\b|autoescape off", text) == []

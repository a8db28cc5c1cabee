"""The rules of the house that imports do not show: clock, writing, signals, names, sizes, templates."""

import ast
import re
import statistics

import pytest

from tests.house import ROOT, Module, imports, module_from, modules

MODULES = modules()
BELOW_VIEWS = [module for module in MODULES if module.floor is not None and module.floor < 4]
WRITES = {"create", "update", "delete", "save", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "add", "set", "remove", "clear"}
MODEL_WRITES = WRITES - {"add", "set", "remove", "clear"}
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def calls(module: Module) -> list[str]:
    """Every call as dotted text, such as "timezone.now" or "Organization.objects.create"."""
    return [ast.unparse(node.func) for node in ast.walk(module.tree) if isinstance(node, ast.Call)]


def clock_reads(module: Module) -> list[str]:
    clocks = ("timezone.now", "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time")
    return [call for call in calls(module) if call in clocks or call == "timezone.localdate" and not _has_argument(module, call)]


def _has_argument(module: Module, call: str) -> bool:
    """timezone.localdate(at, ...) converts a given moment; only without one does it read the clock."""
    found = [node for node in ast.walk(module.tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == call]
    return all(node.args for node in found)


A_ROW = re.compile(r"\.objects\b|\brow|person\.|organization\.|draft\.|policy\.|package\.|queryset\.")


def row_writes(module: Module) -> list[str]:
    """Calls that write rows through a manager or a row; `update` and `create` are words of other things too, so there the row has to be seen."""
    always = MODEL_WRITES - {"update", "create"}
    written = (call for call in calls(module) if (last := call.rpartition(".")[2]) in always or last in MODEL_WRITES and A_ROW.search(call))
    verbs = {name.rpartition(".")[2] for name in imports(module) if name.startswith("governance.actions.")}  # "deleted_organizations.delete" is one of ours
    return sorted(call for call in written if "." in call and call.partition(".")[0] not in {"super()", *verbs})


A_NAME = re.compile(r"(?<![a-z])(domain|email|host|address|claim|mailbox)s?\b")
PARTS_OF_A_NAME = ("endswith", "startswith", "split", "rsplit", "partition", "rpartition")
LOOKS_FOR_TEXT = {  # search by part of what somebody typed: it finds rows to show and decides nothing
    "governance.queries.global_search": ["email__contains="],
    "governance.queries.people": ["email__contains="],
    "governance.queries.sponsor_choices": ["email__contains="],
}


def name_comparisons(module: Module) -> list[str]:
    """Splitting a name or address, or comparing a part of it, outside the one module that may."""
    found = []
    for node in (node for node in ast.walk(module.tree) if isinstance(node, ast.Call)):
        if isinstance(node.func, ast.Attribute) and node.func.attr in PARTS_OF_A_NAME:
            first = ast.unparse(node.args[0]) if node.args else ""
            found += [ast.unparse(node)] if "@" in first or A_NAME.search(ast.unparse(node.func.value)) else []
        found += [f"{word.arg}=" for word in node.keywords if word.arg and re.search(r"(domain|email|claim|mailbox)\w*__i?(endswith|startswith|contains|exact|regex)", word.arg)]
    return found


@pytest.mark.parametrize("module", BELOW_VIEWS, ids=lambda m: m.name)
def test_below_the_views_the_clock_is_an_argument(module):
    assert clock_reads(module) == []


@pytest.mark.parametrize("module", [m for m in MODULES if m.room in ("rules", "queries", "forms", "views", "templatetags", "admin", "management")], ids=lambda m: m.name)
def test_rows_are_written_in_actions_alone(module):
    assert row_writes(module) == []


@pytest.mark.parametrize("module", [m for m in MODULES if m.name != "governance.rules.email_domains"], ids=lambda m: m.name)
def test_one_module_alone_splits_and_compares_names(module):
    assert name_comparisons(module) == LOOKS_FOR_TEXT.get(module.name, [])


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
    assert clock_reads(module_from(ROOT / "governance/actions/planted.py", "datetime.now(UTC)\ntimezone.localdate(at)")) == ["datetime.now"]


def test_a_planted_write_is_found():
    planted = module_from(ROOT / "governance/queries/planted.py", "Organization.objects.create(name='x')")
    assert row_writes(planted) == ["Organization.objects.create"]
    lines = "draft.save()\nOrganization(name='x').save()\nrows.update(name='x')\npolicy.delete()\n{}.update(a=1)"
    assert row_writes(module_from(ROOT / "governance/queries/planted.py", lines)) == ["Organization(name='x').save", "draft.save", "policy.delete", "rows.update"]


def test_planted_comparisons_of_names_are_found():
    lines = ["email.split('@')", "domain.endswith('.example')", "domain.split('.')", "host.startswith('www.')", "Person.objects.filter(email__icontains='x')",
             "Person.objects.filter(email__contains='x')", "text.partition('@')", "Claim.objects.filter(claim__name__endswith='x')"]  # fmt: skip
    planted = module_from(ROOT / "governance/views/planted.py", "\n".join(lines))
    assert len(name_comparisons(planted)) == len(lines)


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
    assert re.findall(r"<script(?![^>]*src=)[^>]*>|<style|\sstyle=\"|\son\w+=\"|hx-on|\|safe\b|autoescape off", text) == []

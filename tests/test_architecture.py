"""The rules of the architecture that import-linter cannot express: clock, writing, HTTP, signals,
names, sizes, templates.
"""

import ast
import re
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture import ROOT, WEB, Module, imports, module_from, modules

MODULES = modules()
BELOW_WEB = [module for module in MODULES if module.layer is not None and module.layer < WEB]
WRITES = {
    "create",
    "update",
    "delete",
    "save",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "add",
    "set",
    "remove",
    "clear",
}
MODEL_WRITES = WRITES - {"add", "set", "remove", "clear"}
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def calls(module: Module) -> list[str]:
    """Every call as dotted text, such as "timezone.now" or "Organization.objects.create"."""
    return [ast.unparse(node.func) for node in ast.walk(module.tree) if isinstance(node, ast.Call)]


def clock_reads(module: Module) -> list[str]:
    clocks = (
        "timezone.now",
        "datetime.now",
        "datetime.utcnow",
        "datetime.today",
        "date.today",
        "time.time",
    )
    return [
        call
        for call in calls(module)
        if call in clocks or call == "timezone.localdate" and not _has_argument(module, call)
    ]


def _has_argument(module: Module, call: str) -> bool:
    """timezone.localdate(at, ...) converts a given moment;
    only without one does it read the clock.
    """
    found = [
        node
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == call
    ]
    return all(node.args for node in found)


A_ROW = re.compile(
    r"\.objects\b|\brow|person\.|organization\.|draft\.|policy\.|package\.|queryset\."
)


def row_writes(module: Module) -> list[str]:
    """Calls that write rows through a manager or a row; `update` and `create` are words of other
    things too, so there the row has to be seen.
    """
    always = MODEL_WRITES - {"update", "create"}
    written = (
        call
        for call in calls(module)
        if (last := call.rpartition(".")[2]) in always
        or last in MODEL_WRITES
        and A_ROW.search(call)
    )
    verbs = {
        name.rpartition(".")[2]
        for name in imports(module)
        if name.startswith("governance.actions.")
    }  # "deletion.delete" is one of ours
    return sorted(
        call
        for call in written
        if "." in call and call.partition(".")[0] not in {"super()", *verbs}
    )


A_NAME = re.compile(
    r"(?<!unicodedata\.)(?<![a-z])(domain|email|host|address|claim|mailbox|local|name|typed|key|label|suffix)(s|es)?\b"
)
PARTS_OF_A_NAME = {
    "endswith",
    "startswith",
    "split",
    "rsplit",
    "partition",
    "rpartition",
    "removeprefix",
    "removesuffix",
    "isalnum",
}
A_PART_ASKED_OF_ROWS = re.compile(
    r"(domain|email|claim|mailbox)\w*__i?(endswith|startswith|contains|exact|regex)"
)
BETWEEN_LABELS = {".", "/"}  # in the order of keys all beneath a name stands between the two
A_RANGE_IN_SQL = re.compile(
    r"'[./]%?'|key\}? *[<>]=? *\w+\."
)  # with a bound of its own making, or of a column
# Search by part of what somebody typed: it finds rows to show and decides nothing.
LOOKS_FOR_TEXT = {
    "governance.queries.people.listing": ["email__contains="],
}


def name_comparisons(module: Module) -> list[str]:
    """Splitting a name or address, comparing a part of it, or making a range of keys, outside the
    one module that may.
    """
    return [
        said
        for node in ast.walk(module.tree)
        for said in (*_parts_taken(node), *_parts_asked_of_rows(node), *_ranges_of_keys(node))
    ]


def _parts_taken(node: ast.AST) -> list[str]:
    if not (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in PARTS_OF_A_NAME
    ):
        return []
    into_words = (
        node.func.attr == "split" and not node.args
    )  # at white space, of which no name has any
    of_a_name = A_NAME.search(ast.unparse(node.func.value)) and not into_words
    return (
        [ast.unparse(node)] if of_a_name or node.args and "@" in ast.unparse(node.args[0]) else []
    )


def _parts_asked_of_rows(node: ast.AST) -> list[str]:
    return [
        f"{word.arg}="
        for word in getattr(node, "keywords", ())
        if word.arg and A_PART_ASKED_OF_ROWS.search(word.arg)
    ]


def _ranges_of_keys(node: ast.AST) -> list[str]:
    """In SQL, of columns, or of a key at hand."""
    match node:
        case ast.Constant(value=str(text)) if A_RANGE_IN_SQL.search(text):
            return [text]
        case ast.JoinedStr() if A_RANGE_IN_SQL.search(ast.unparse(node)):
            return [ast.unparse(node)]
        case ast.Call(func=ast.Name(id="Value"), args=[ast.Constant(value=bound), *_]) if (
            bound in BETWEEN_LABELS
        ):
            return [ast.unparse(node)]
        case (
            ast.BinOp(left=key, right=ast.Constant(value=bound))
            | ast.JoinedStr(values=[ast.FormattedValue(value=key), ast.Constant(value=bound)])
        ):
            return (
                [ast.unparse(node)]
                if bound in BETWEEN_LABELS and A_NAME.search(ast.unparse(key))
                else []
            )
    return []


@pytest.mark.parametrize("module", BELOW_WEB, ids=lambda m: m.name)
def test_http_appears_in_web_and_above(module):
    http = ("django.http", "django.shortcuts", "django.views")
    assert [name for name in sorted(imports(module)) if name.startswith(http)] == []


INSIDE_DJANGOS_ADMIN = (
    "helpers",
    "options",
    "sites",
    "templatetags",
    "utils",
    "views",
    "widgets",
)


def test_only_one_module_leans_on_the_inside_of_djangos_admin():
    inside = tuple(f"django.contrib.admin.{name}" for name in INSIDE_DJANGOS_ADMIN)
    leaning = {
        module.name
        for module in MODULES
        if any(name.startswith(inside) for name in imports(module))
    }
    assert leaning == {"governance.web.django_admin"}


def asks_which_database(module: Module) -> bool:
    """Whether it reads which database it is on."""
    return any(
        isinstance(node, ast.Attribute) and node.attr == "vendor" for node in ast.walk(module.tree)
    )


def test_only_db_knows_which_database_it_is():
    asking = {module.package for module in MODULES if asks_which_database(module)}
    assert asking == {"db"}


def test_every_module_is_in_a_layer():
    assert [module.name for module in MODULES if module.package and module.layer is None] == []


def test_the_contracts_of_import_linter_hold():
    assert linted(ROOT) == 0


def test_a_planted_import_upward_breaks_a_contract(tmp_path):
    shutil.copytree(ROOT / "governance", tmp_path / "governance")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    before = linted(tmp_path)
    (tmp_path / "governance/rules/planted.py").write_text(
        "from ..actions.organizations.basics import connect\n"
    )
    assert (before, linted(tmp_path)) == (0, 1)


def linted(folder: Path) -> int:
    """The exit code of import-linter there."""
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"]
    return subprocess.run([*command, "--no-cache"], cwd=folder, capture_output=True).returncode


@pytest.mark.parametrize("module", BELOW_WEB, ids=lambda m: m.name)
def test_below_web_the_clock_is_an_argument(module):
    assert clock_reads(module) == []


@pytest.mark.parametrize(
    "module",
    [m for m in MODULES if m.package not in ("actions", "sample_data", "models", "db", "apps", "")],
    ids=lambda m: m.name,
)
def test_rows_are_written_in_actions_alone(module):
    assert row_writes(module) == []


@pytest.mark.parametrize(
    "module",
    [m for m in MODULES if m.name != "governance.rules.email_domains"],
    ids=lambda m: m.name,
)
def test_one_module_alone_splits_and_compares_names(module):
    assert name_comparisons(module) == LOOKS_FOR_TEXT.get(module.name, [])


def test_the_only_signal_is_post_migrate():
    connected = [
        call
        for module in MODULES
        for call in calls(module)
        if call.endswith(".connect") and "signal" in ast.unparse(module.tree)
    ]
    assert set(connected) == {"post_migrate.connect"}
    assert [m.name for m in MODULES for call in calls(m) if call == "receiver"] == []


def test_there_are_no_junk_drawers():
    junk = {"utils", "common", "helpers", "services", "managers", "misc", "lib"}
    assert [m.name for m in MODULES if junk & set(m.name.split("."))] == []


def test_a_planted_clock_read_is_found():
    planted = module_from(
        ROOT / "governance/actions/planted.py", "def f():\n    return timezone.now()"
    )
    assert clock_reads(planted) == ["timezone.now"]
    assert clock_reads(
        module_from(
            ROOT / "governance/actions/planted.py", "datetime.now(UTC)\ntimezone.localdate(at)"
        )
    ) == ["datetime.now"]


def test_a_planted_write_is_found():
    planted = module_from(
        ROOT / "governance/queries/planted.py", "Organization.objects.create(name='x')"
    )
    assert row_writes(planted) == ["Organization.objects.create"]
    lines = (
        "draft.save()\nOrganization(name='x').save()\n"
        "rows.update(name='x')\npolicy.delete()\n{}.update(a=1)"
    )
    assert row_writes(module_from(ROOT / "governance/queries/planted.py", lines)) == [
        "Organization(name='x').save",
        "draft.save",
        "policy.delete",
        "rows.update",
    ]


def test_planted_comparisons_of_names_are_found():
    lines = [
        "email.split('@')",
        "domain.endswith('.example')",
        "domain.split('.')",
        "host.startswith('www.')",
        "Person.objects.filter(email__icontains='x')",
        "Person.objects.filter(email__contains='x')",
        "text.partition('@')",
        "Claim.objects.filter(claim__name__endswith='x')",
    ]
    planted = module_from(ROOT / "governance/views/planted.py", "\n".join(lines))
    assert len(name_comparisons(planted)) == len(lines)


def test_a_planted_local_part_without_its_tag_is_found():
    assert name_comparisons(
        module_from(
            ROOT / "governance/rules/planted.py",
            "def f(local):\n    return local.partition('+')[0].lower() in WORDS",
        )
    ) == ["local.partition('+')"]


def test_a_planted_range_of_keys_is_found():
    of_columns = (
        "Claim.objects.filter(key__gt=Concat(key, Value('.'), output_field=text),"
        " key__lt=Concat(key, Value('/'), output_field=text))"
    )
    assert name_comparisons(module_from(ROOT / "governance/queries/planted.py", of_columns)) == [
        "Value('.')",
        "Value('/')",
    ]
    of_names = "bounds = key(name) + '.', f'{key(name)}/'"
    assert name_comparisons(module_from(ROOT / "governance/queries/planted.py", of_names)) == [
        "key(name) + '.'",
        "f'{key(name)}/'",
    ]


@pytest.mark.parametrize(
    "sql",
    [
        (
            "t.{key} >= r.start AND t.{key} < r.start || '/'"
            " AND (t.{key} = r.start OR r.wide = 1 AND t.{key} > r.start || '.')"
        ),
        (
            "c.released_at IS NULL AND c.key >= r.key AND c.key < r.key || '/'"
            " AND (c.key = r.key OR r.breadth = 'with_subdomains' AND c.key > r.key || '.')"
        ),
        "c.key = r.key OR c.key LIKE r.key || '.%'",
        "t.{key} >= r.column1 AND t.{key} < r.column3",
    ],
)
def test_a_planted_condition_on_keys_in_sql_is_found(sql):
    assert name_comparisons(
        module_from(ROOT / "governance/queries/planted.py", f"_COVERED = {sql!r}")
    ) == [sql]
    assert (
        len(
            name_comparisons(
                module_from(ROOT / "governance/queries/planted.py", f"_COVERED = f{sql!r}")
            )
        )
        > 0
    )


def test_a_planted_reading_of_a_rules_name_is_found():
    lines = (
        "name = typed.strip().removeprefix('*.')\n"
        "if name.isalnum():\n    suffix = name.removesuffix('.')"
    )
    found = name_comparisons(module_from(ROOT / "governance/queries/planted.py", lines))
    assert sorted(found) == [
        "name.isalnum()",
        "name.removesuffix('.')",
        "typed.strip().removeprefix('*.')",
    ]


def test_words_of_a_text_and_names_of_characters_are_no_names():
    lines = (
        "str(name).split()\nunicodedata.name(character).removeprefix('EXTENDED ')\n"
        "url = f'/people/{key}/'\ntext = f'Welcome, {name}.'"
    )
    assert name_comparisons(module_from(ROOT / "governance/rules/planted.py", lines)) == []


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


def open_tags(text: str) -> list[str]:
    """Every line on which a tag of the template language begins or ends alone: it would be shown as
    text.
    """
    return [line for line in text.splitlines() if re.search(r"{[{%#]|[}%#]}", _TAG.sub("", line))]


_TAG = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}")


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_tag_of_a_template_ends_on_its_line(template):
    assert open_tags(template.read_text()) == []


def test_a_tag_that_is_broken_across_lines_is_found():
    assert open_tags('a {{ name|yesno:"b,\nc" }} d {{ e }}') == [
        'a {{ name|yesno:"b,',
        'c" }} d {{ e }}',
    ]


# A mail reader fetches nothing; templatetags/mail.py puts the style sheet into the mail.
MAILS = [ROOT / "templates/mail/message.html"]


@pytest.mark.parametrize(
    "template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates"))
)
def test_templates_have_no_inline_script_style_or_handler(template):
    text = template.read_text()
    inline = r"<script(?![^>]*src=)[^>]*>|<style|\sstyle=\"|\son\w+=\""
    assert re.findall(rf"{inline}|hx-on|\|safe\b|autoescape off", text) == []


@pytest.mark.parametrize("template", MAILS, ids=lambda path: path.name)
def test_templates_of_mails_escape_everything_and_fetch_nothing(template):
    forbidden = r"<script|\son\w+=\"|\|safe\b|autoescape off|<img|<link|url\(|@import"
    assert re.findall(forbidden, template.read_text()) == []

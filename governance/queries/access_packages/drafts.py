"""What the draft of an access package says, and what it would make."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Case, Q, Value, When
from django.utils.datastructures import MultiValueDict

from ...facts.catalogs import catalogs_managed_by, resources_of_catalog
from ...models import AccessGroup, Catalog, Package, PackageDraft, Person, Resource, Webhook
from ...rules.decision import Refused, refuse
from ...rules.names import clean_description, clean_name, name_key

STEPS = ("basics", "resources", "policy", "review")
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Chosen:
    """A group or webhook to choose; `value` is its kind and public id."""

    value: str
    name: str
    text: str
    kind: str
    is_chosen: bool


def draft_of(author: Person, uuid: UUID) -> PackageDraft | None:
    """The author's draft, unsaved when there is none yet; None when it is somebody else's."""
    draft = PackageDraft.objects.select_related("created").filter(uuid=uuid).first()
    if draft is None:
        return PackageDraft(uuid=uuid, author=author)
    return draft if draft.author_id == author.pk else None


def answers(draft: PackageDraft, step: str) -> MultiValueDict | None:
    """Return what was posted by a step; None where nothing was."""
    given = draft.answers.get(step)
    return None if given is None else MultiValueDict(given)


def marks(draft: PackageDraft) -> dict[str, bool]:
    """Return what the last check said of each step that was checked."""
    return draft.answers.get("checked", {})


def catalog_of(draft: PackageDraft) -> str:
    """Return the public id of the catalog that was chosen, or what stands for General."""
    basics = answers(draft, "basics")
    return basics.get("catalog", "") if basics else ""


def resource_choices(
    text: str, chosen: Iterable[str], catalog: str, *, may_choose_all: bool
) -> list[Chosen]:
    """Return the chosen resources first, then twenty of each kind that match.

    Who may not choose all chooses among what is in a package of the catalog. Two statements.
    """
    keys = [value.partition(":")[2] for value in chosen]
    groups = _offered(AccessGroup.objects.all(), text, keys)
    webhooks = _offered(Webhook.objects.defer("secret"), text, keys)
    if not may_choose_all:
        theirs = _resources_of(catalog)
        groups = groups.filter(resources__in=theirs).distinct()
        webhooks = webhooks.filter(resources__in=theirs).distinct()
    rows = [("group", each.description, each) for each in groups[:_SHOWN]]
    rows += [("webhook", each.url, each) for each in webhooks[:_SHOWN]]
    picked = frozenset(chosen)
    found = [
        Chosen(f"{kind}:{row.uuid}", row.name, about, kind, f"{kind}:{row.uuid}" in picked)
        for kind, about, row in rows
    ]
    return sorted(found, key=lambda each: not each.is_chosen)


def named_resources(values: Mapping[str, tuple[UUID, ...]]) -> list[AccessGroup | Webhook]:
    """Return the groups and webhooks with these public ids, by name. Two statements."""
    groups = AccessGroup.objects.filter(uuid__in=values["group"]).order_by("name_key")
    webhooks = Webhook.objects.defer("secret").filter(uuid__in=values["webhook"])
    return [*groups, *webhooks.order_by("name_key")]


def catalogs_for(person: Person, *, may_choose_all: bool) -> list[Catalog]:
    """Return the catalogs in which the person can create packages, by name."""
    rows = Catalog.objects.all() if may_choose_all else catalogs_managed_by(person.pk)
    return list(rows.order_by("name_key"))


def _offered(rows, text: str, keys: list[str]):
    """The chosen ones and those that match; the chosen come first when there are many."""
    is_chosen = Q(uuid__in=_ids(keys))
    if text:
        rows = rows.filter(Q(name_key__contains=name_key(text)) | is_chosen)
    order = Case(When(is_chosen, then=Value(0)), default=Value(1))
    return rows.order_by(order, "name_key")


def _ids(texts: Iterable[str]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def _resources_of(catalog: str):
    row = Catalog.objects.filter(uuid__in=_ids([catalog])).first()
    return resources_of_catalog(row.pk) if row else Resource.objects.none()


def basics_problems(typed: Mapping[str, object]) -> list[tuple[str, str]]:
    """Return what is wrong with a name and a description, each with its field."""
    problems = []
    name, description = typed.get("name"), typed.get("description", "")
    checks = ((_free_name, name), (clean_description, description))
    for check, value in checks:
        try:
            if isinstance(value, str):
                check(value)
        except Refused as refusal:
            problems += [(reason.field, reason.text) for reason in refusal.reasons]
    return problems


def _free_name(text: str) -> None:
    taken = Package.objects.filter(name_key=name_key(clean_name(text))).first()
    if taken:
        sentence = f"Another access package is called {taken.name}"
        raise refuse("name_taken", sentence, field="name")

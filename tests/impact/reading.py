"""An impact as short texts, so that a test can say all of it."""

from __future__ import annotations

from governance.impact import Impact


def people_of(impact: Impact) -> list[tuple[str, str, str]]:
    """Return name, packages ("+" gained, "-" lost, "~" other approval)
    and the move of each person.
    """
    return [(each.name, *_said(each.difference)) for each in impact.people]


def domains_of(impact: Impact) -> list[tuple[str, bool, str, str]]:
    """Return the domain, whether its subdomains are meant, packages and the move."""
    return [(each.domain, each.is_beneath, *_said(each.difference)) for each in impact.domains]


def groups_of(impact: Impact) -> list[tuple[str, str]]:
    """Return who, and the packages."""
    return [(each.who, _said(each.difference)[0]) for each in impact.groups]


def sponsors_of(impact: Impact) -> list[tuple[str, str, int]]:
    """Return name, what happens, and how many count afterwards."""
    return [(s.name, "stops" if s.stops else "counts", s.left) for s in impact.sponsors]


def invitations_of(impact: Impact) -> list[tuple[str, str]]:
    """Return the address, and what happens."""
    return [(each.email, "stops" if each.stops else "works") for each in impact.invitations]


def accounts(impact: Impact) -> list[tuple[str, tuple, tuple]]:
    """Return what each person loses, with where they belong before, and gains, with where after."""
    return [
        (
            each.name,
            (each.difference.loses, each.difference.before),
            (each.difference.gains, each.difference.after),
        )
        for each in impact.people
    ]


def _said(difference) -> tuple[str, str]:
    marks = {"+": difference.gains, "-": difference.loses, "~": difference.approval}
    packages = [f"{mark}{each.package}" for mark, accesses in marks.items() for each in accesses]
    move = f"{difference.before or 'none'} > {difference.after or 'none'}"
    return " ".join(packages), move if difference.moves else ""

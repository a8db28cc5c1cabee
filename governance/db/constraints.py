"""Conditions on a column that the database itself enforces,
by the rules' own lists of what exists.
"""

from __future__ import annotations

from django.db.models import CheckConstraint, Q


def is_known(column: str, choices: tuple[str, ...], *, of: str) -> CheckConstraint:
    """Make the constraint that a column of the model `of` is one of the choices."""
    return CheckConstraint(
        condition=Q(**{f"{column}__in": list(choices)}), name=f"{of}_{column}_is_known"
    )


def is_positive(column: str, *, of: str) -> CheckConstraint:
    """Make the constraint that a number is 1 or more."""
    return CheckConstraint(condition=Q(**{f"{column}__gte": 1}), name=f"{of}_{column}_is_positive")

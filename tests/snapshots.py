"""Every row of every table, to compare before and after."""

from __future__ import annotations

from django.apps import apps

_KEPT_BY_DJANGO = {"sessions.session"}


def rows_of_everything() -> dict[str, list[tuple]]:
    """Rows by table, in the order of their keys. Sessions are left out: signing in is not what is looked at."""
    models = (model for model in apps.get_models(include_auto_created=True) if model._meta.managed and not model._meta.proxy)
    return {
        model._meta.label_lower: list(model._default_manager.order_by("pk").values_list()) for model in models if model._meta.label_lower not in _KEPT_BY_DJANGO
    }


def changed(before: dict, after: dict) -> set[str]:
    """Tables whose rows differ."""
    return {name for name in after if before[name] != after[name]}

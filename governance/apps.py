from django.apps import AppConfig
from django.db.models.signals import post_migrate


class GovernanceConfig(AppConfig):
    name = "governance"
    verbose_name = "Identity governance"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from .db.search_index import install_search_index
        from .db.triggers import install_triggers
        from .models.roles import install_roles

        post_migrate.connect(install_roles, sender=self)
        post_migrate.connect(install_triggers, sender=self)
        post_migrate.connect(install_search_index, sender=self)

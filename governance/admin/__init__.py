"""The admin site: every model, within each person's permissions, through the same actions as the pages."""

from . import directories, domain_list, organizations, people, records
from .base import site

__all__ = ["directories", "domain_list", "organizations", "people", "records", "site"]

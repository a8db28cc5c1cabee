#!/usr/bin/env python
"""Django's command line, for this portal."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as problem:
        sys.stderr.write(f"harbourgate: {problem}\n")
        sys.exit(2)  # 1 is an answer: `decide` refuses, `verify_audit` finds a broken chain


if __name__ == "__main__":
    main()

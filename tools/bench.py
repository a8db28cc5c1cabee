"""Measures the portal at two sizes in one run and prints ratios: `make bench`.

    BENCH_ORGANIZATIONS=50000 make bench        a smaller large size than 1,000,000
    tools/bench.py --write                      also keep the table in docs/benchmarks.md

On the database of DATABASE_URL, which is filled up to that size, or else on an SQLite file that
goes away afterwards.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SMALL = 1_000


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--organizations", type=int, default=int(os.environ.get("BENCH_ORGANIZATIONS", "1000000"))
    )
    parser.add_argument("--only", default="", help="measure only what has this in its name")
    parser.add_argument("--write", action="store_true", help="keep the table in docs/benchmarks.md")
    return parser.parse_args()


def start_django(folder: str) -> None:
    """The portal as it is served, on a database of its own unless one is named."""
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/large.sqlite3")
    os.environ.update(
        DJANGO_SETTINGS_MODULE="portal.settings",
        PORTAL_DEMO="0",
        PORTAL_ADMIN_PASSWORD="only for this measurement",
        PORTAL_DEBUG="0",
    )
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()


def main() -> None:
    given = arguments()
    with tempfile.TemporaryDirectory() as folder:
        start_django(folder)
        from bench_table import conditions, keep, table
        from bench_timing import measure
        from bench_world import forget, worlds

        small, large = worlds(SMALL, given.organizations, folder)
        try:
            text = f"{conditions(small, large)}\n\n{table(measure(small, large, only=given.only))}"
        finally:
            forget(small)
        print(text)
        if given.write:
            keep(text)


if __name__ == "__main__":
    main()

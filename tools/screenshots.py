"""Pictures of the main pages under docs/screenshots/, taken from a portal of their own with demo data: `make screenshots`."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request

from playwright.sync_api import Page, sync_playwright
from run import PYTHON, ROOT, obtain_browser

PICTURES = ROOT / "docs" / "screenshots"
PORT, PASSWORD = "8471", "only for these pictures"
LOOKS = {"light": ("light", 1440, 900), "dark": ("dark", 1440, 900), "light-390": ("light", 390, 844)}
PAGES = {"list": "/connected-organizations/", "rules": "/allow-deny-list/", "people": "/people/", "audit-log": "/audit-log/"}
TYPED = "New partner"


def serve(folder: str) -> subprocess.Popen:
    """A portal with demo data in a database that goes away with the folder."""
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{folder}/portal.sqlite3", "PORT": PORT, "PORTAL_ADMIN_PASSWORD": PASSWORD, "PORTAL_DEMO": "1"}
    subprocess.run([PYTHON, "manage.py", "set_up"], cwd=ROOT, env=environment, check=True)
    server = subprocess.Popen([PYTHON, "-m", "granian", "--interface", "wsgi", "--port", PORT, "--log-level", "error", "portal.wsgi:application"], cwd=ROOT, env=environment)
    for _ in range(100):
        try:
            urllib.request.urlopen(f"http://localhost:{PORT}/livez", timeout=1).close()
            return server
        except OSError:
            time.sleep(0.2)
    server.terminate()
    sys.exit("harbourgate: the portal of the pictures did not start.")


def sign_in(page: Page) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email", exact=False).first.fill("admin@harbourgate.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("heading", name="Overview").wait_for()


def take(page: Page, name: str, look: str) -> None:
    page.screenshot(path=PICTURES / f"{name}-{look}.png", full_page=name not in {"pane"})


def walk(page: Page, look: str) -> None:
    for name, path in PAGES.items():
        page.goto(path)
        take(page, name, look)
    page.goto(PAGES["list"])
    page.locator("main tbody th a, main tbody td a").first.click()
    page.wait_for_url(re.compile(r"/[0-9a-f-]{36}/$"))
    detail = page.url
    take(page, "detail", look)
    page.goto(f"{detail}delete/")
    take(page, "delete", look)
    walk_through_the_wizard(page, look)


def walk_through_the_wizard(page: Page, look: str) -> None:
    page.goto("/connected-organizations/add/")
    page.get_by_label("Name", exact=False).first.fill(f"{TYPED} {look}")
    take(page, "wizard-1-basics", look)
    page.get_by_role("button", name="Next").first.click()
    page.wait_for_url("**/directories/")
    take(page, "wizard-2-directories", look)
    step = page.url
    page.locator("main").get_by_text("Add directory + domain").first.click()
    page.wait_for_timeout(800)
    take(page, "pane", look)
    for name, slug in (("wizard-3-sponsors", "sponsors"), ("wizard-4-review", "review")):
        page.goto(step.replace("/directories/", f"/{slug}/"))
        take(page, name, look)


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    browser_here = obtain_browser()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = serve(folder)
        try:
            browser = playwright.chromium.launch(executable_path=browser_here, args=["--no-sandbox"] if os.geteuid() == 0 else [])
            for look, (theme, width, height) in LOOKS.items():
                page = browser.new_page(base_url=f"http://localhost:{PORT}", color_scheme=theme, viewport={"width": width, "height": height})
                sign_in(page)
                walk(page, look)
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()

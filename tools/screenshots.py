"""Pictures of the main pages under docs/screenshots/, taken from a portal of their own with demo
data: `make screenshots`.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request

from playwright.sync_api import Page, expect, sync_playwright
from run import PYTHON, ROOT, obtain_browser

PICTURES = ROOT / "docs" / "screenshots"
PORT, PASSWORD = "8471", "only for these pictures"
LOOKS = {
    "light": ("light", 1440, 900),
    "dark": ("dark", 1440, 900),
    "light-390": ("light", 390, 844),
}
PAGES = {
    "list": "/connected-organizations/",
    "rules": "/allow-deny-list/",
    "people": "/people/",
    "audit-log": "/audit-log/",
    "packages": "/access-packages/",
}
PARTNER, PACKAGE = "Pumpworks Group", "Supplier drawings"
NAME_OF_THE_FIRST = """
from django.utils import timezone
from governance.actions.people.accounts import change_details
from governance.models import Person
from governance.rules.roles import SYSTEM
change_details(
    person=Person.objects.get(email="admin@harbourgate.example"),
    name="Ada Okafor",
    unit="Identity team",
    by=SYSTEM,
    at=timezone.now(),
)
"""


def serve(folder: str) -> subprocess.Popen:
    """A portal with demo data in a database that goes away with the folder."""
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{folder}/portal.sqlite3",
        "PORT": PORT,
        "PORTAL_ADMIN_PASSWORD": PASSWORD,
        "PORTAL_DEMO": "1",
    }
    environment.pop("PORTAL_ADMIN_EMAIL", None)
    subprocess.run([PYTHON, "manage.py", "set_up"], cwd=ROOT, env=environment, check=True)
    subprocess.run(
        [PYTHON, "manage.py", "shell", "-v", "0", "-c", NAME_OF_THE_FIRST],
        cwd=ROOT,
        env=environment,
        check=True,
    )
    server = subprocess.Popen(
        [
            PYTHON,
            "-m",
            "granian",
            "--interface",
            "wsgi",
            "--port",
            PORT,
            "--log-level",
            "error",
            "portal.wsgi:application",
        ],
        cwd=ROOT,
        env=environment,
    )
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


class Camera:
    """Takes what the window shows, as it stands."""

    def __init__(self, page: Page, look: str):
        self.page, self.look = page, look

    def take(self, name: str) -> None:
        self.page.screenshot(path=PICTURES / f"{name}-{self.look}.png")

    def walk(self) -> None:
        for name, path in PAGES.items():
            self.page.goto(path)
            self.take(name)
        self.take_the_partner()
        self.take_the_policy()
        self.take_the_answer()
        self.take_the_wizard()

    def take_the_partner(self) -> None:
        self.page.goto(PAGES["list"])
        self.page.get_by_role("link", name=PARTNER, exact=True).click()
        self.page.wait_for_url(re.compile(r"/[0-9a-f-]{36}/$"))
        self.take("detail")
        self.page.goto(f"{self.page.url}delete/")
        self.take("delete")

    def take_the_policy(self) -> None:
        self.page.goto(PAGES["packages"])
        self.page.get_by_role("link", name=PACKAGE, exact=True).click()
        self.page.get_by_role("link", name=re.compile("^Edit Hydraulics")).click()
        self.page.get_by_role("heading", name="Edit policy").wait_for()
        self.take("policy")

    def take_the_answer(self) -> None:
        self.page.goto("/what-if/")
        self.page.get_by_label("Email address").fill("lea@service.pumpworks.example")
        self.page.get_by_label("Access package").select_option(PACKAGE)
        self.page.get_by_role("button", name="Check").click()
        self.page.get_by_role("heading", name="Can request, needs approval").wait_for()
        self.take("what-if")

    def take_the_wizard(self) -> None:
        """A draft that is filled in step by step, and discarded at the end: the next look begins
        without it.
        """
        page = self.page
        page.goto("/connected-organizations/add/")
        page.get_by_label("Name", exact=True).fill("Solvane Chemicals")
        page.get_by_label("Description").fill(
            "Solvents for plant 3. Contract SC-1107, ends 31 Dec 2027."
        )
        self.take("wizard-1-basics")
        page.get_by_role("button", name="Next: Directory + domain").click()
        page.wait_for_url("**/directories/")
        self.take_the_pane()
        self.take("wizard-2-directories")
        page.get_by_role("button", name="Next: Sponsors").click()
        page.wait_for_url("**/sponsors/")
        self.choose_sponsors()
        self.take("wizard-3-sponsors")
        page.get_by_role("button", name="Next: Review + create").click()
        page.wait_for_url("**/review/")
        page.get_by_label("Email address").fill("lea@labs.solvane.example")
        page.get_by_role("button", name="Check").click()
        page.get_by_text("Belongs to this organization through Solvane Chemicals NV.").wait_for()
        page.evaluate("scrollTo(0, 0)")
        self.take("wizard-4-review")
        page.goto(PAGES["list"])
        page.get_by_role("link", name="Discard Solvane Chemicals").click()
        page.get_by_role("button", name="Discard draft").click()

    def take_the_pane(self) -> None:
        page, pane = self.page, self.page.get_by_role("dialog")
        page.get_by_role("link", name="Add directory + domain").click()
        for domain in ("solvane-italia.example", "solvane.example"):
            pane.get_by_label("Domain name").fill(domain)
            page.keyboard.press("Enter")
            pane.get_by_role("button", name="Add", exact=True).wait_for()
            if domain == "solvane.example":
                page.get_by_label("Domain name").press("End")
                self.take("pane")
            pane.get_by_role("button", name="Add", exact=True).click()
            pane.get_by_text("added.").wait_for()
        pane.get_by_role("button", name="Select", exact=True).click()
        expect(page.locator("#pane")).to_be_hidden()

    def choose_sponsors(self) -> None:
        pane = self.page.get_by_role("dialog")
        self.page.get_by_role("link", name="Add internal sponsors").click()
        for name in ("Anneke Kuiper", "Tomas Oyelaran"):
            pane.get_by_label(name).check()
        pane.get_by_role("button", name="Select", exact=True).click()
        expect(self.page.locator("#pane")).to_be_hidden()
        self.page.evaluate("scrollTo(0, 0)")


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    browser_here = obtain_browser()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = serve(folder)
        try:
            browser = playwright.chromium.launch(
                executable_path=browser_here, args=["--no-sandbox"] if os.geteuid() == 0 else []
            )
            for look, (theme, width, height) in LOOKS.items():
                page = browser.new_page(
                    base_url=f"http://localhost:{PORT}",
                    color_scheme=theme,
                    viewport={"width": width, "height": height},
                    reduced_motion="reduce",
                )
                sign_in(page)
                Camera(page, look).walk()
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()

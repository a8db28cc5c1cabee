"""Files of others are shipped as they came, with where they come from and what they allow."""

import gzip
import hashlib
import json
import re
from urllib.parse import unquote

import pytest

from tests.architecture import ROOT

ENTRIES = json.loads((ROOT / "static/vendor/VENDOR.json").read_text())


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["file"])
def test_a_vendored_file_is_the_one_that_was_published(entry):
    assert hashlib.sha256((ROOT / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["file"])
def test_a_vendored_file_has_its_licence_beside_it(entry):
    assert (ROOT / entry["licence_file"]).stat().st_size > 500


def test_every_vendored_file_is_declared():
    there = {
        str(path.relative_to(ROOT))
        for folder in ("static/vendor", "tests/vendor")
        for path in (ROOT / folder).iterdir()
    }
    declared = {entry[key] for entry in ENTRIES for key in ("file", "licence_file")} | {
        "static/vendor/VENDOR.json"
    }
    assert there - declared == set()


def gzipped(*files) -> int:
    return sum(len(gzip.compress((ROOT / file).read_bytes(), 9)) for file in files)


def test_styles_weigh_at_most_45_kb_compressed():
    assert (
        gzipped("static/vendor/bootstrap-5.3.9.min.css", "static/tokens.css", "static/portal.css")
        <= 45_000
    )


def test_our_script_weighs_at_most_4_kb_compressed():
    assert gzipped("static/portal.js") <= 4_000


def test_icons_drawn_by_the_style_sheet_are_those_of_the_sprite():
    sheet, sprite = (
        (ROOT / "static/portal.css").read_text(),
        (ROOT / "static/icons.svg").read_text(),
    )
    drawn = dict(re.findall(r"\.i-(\w+)\{--i:url\(\"data:image/svg\+xml,(.*?)\"\)\}", sheet))
    shapes = {
        name: re.search(rf'<symbol id="{name}"[^>]*>(.*?)</symbol>', sprite)[1] for name in drawn
    }
    paths = {name: re.findall(r" d='([^']+)'", unquote(icon)) for name, icon in drawn.items()}
    assert len(drawn) == 7
    assert paths == {name: re.findall(r' d="([^"]+)"', shape) for name, shape in shapes.items()}


def test_icons_weigh_at_most_4_kb_compressed():
    assert gzipped("static/icons.svg") <= 4_000

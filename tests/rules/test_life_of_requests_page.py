"""docs/access-requests.md draws the life of a request as the table of transitions has it."""

from governance.rules.access_requests.transitions import TRANSITIONS
from tools import access_requests


def test_the_page_has_the_diagram_and_the_table_of_now():
    text = access_requests.PAGE.read_text()
    assert access_requests.page_with(text) == text, "run python3 tools/access_requests.py"


def test_every_transition_is_in_the_diagram_and_in_the_table():
    lines = access_requests.generated().splitlines()
    rows = [line for line in lines if line.startswith("| ") and "`" in line]
    arrows = [line for line in lines if " --> " in line and ": " in line]
    drawn = sum(len(line.partition(": ")[2].split(", ")) for line in arrows)
    assert (len(rows), drawn) == (len(TRANSITIONS), len(TRANSITIONS))

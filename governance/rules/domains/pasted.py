"""What a pasted text says: which domains, how each was understood, and which parts cannot be read.

Takes what people copy from mail programs, spreadsheets, block lists and web pages. Never guesses at
a part that it cannot read: that part stays as it was typed, with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from .. import email_domains
from ..decision import Refused
from ..domain_list import WITH_SUBDOMAINS, unreachable_rule
from . import guards
from .typed_forms import has_inner_dot, has_mailbox, without_wildcard

AT_ONCE = 1_000  # entries
LONGEST_PASTE = 1_000_000  # characters

_INVISIBLE = "\ufeff\u200b\u200e\u200f\u2060\u00ad"
_SPACES = " \t\xa0\u3000" + _INVISIBLE
_EDGES = _SPACES + "\"'`“”„‟‘’‚‛«»‹›()[]{}<>"
_COMMENT_LINE = re.compile(r"(?:#|//|;)")
_COMMENT_BEHIND = re.compile(r"\s(?:#|//)")
_SEMICOLON_BEHIND = re.compile(r"\s;")
_BULLETS = "•◦‣⁃∙●○▪▫■□►➢✓✔"
_BULLET = re.compile(r"(?:[-*+>–—·]\s+|\(?\d{1,4}[.)]\s+|\[[ xX]?\]\s*)+")
_CELLS = re.compile(rf'((?:[^,;\t|，；、{_BULLETS}"]+|"[^"]*")*)([,;\t|，；、{_BULLETS}]|$)')
_SEPARATOR = re.compile(rf"[,;\t|，；、{_BULLETS}]")
_IN_ANGLE_BRACKETS = re.compile(r"[^<>]*<([^<>\s]+)>")
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_DOMAIN_WORDS = frozenset(
    "domain domains email emails e-mail e-mails mail address addresses "
    "website websites url urls host hosts hostname hostnames fqdn".split()
)
_NAME_WORDS = frozenset({"name", "names"})
_LONGEST_TITLE = 4  # words

_ONE_WORD = (
    "This is one word on a line with domains, so it was not read. "
    "To make a rule for a top-level domain, enter *.{}"
)
_PUBLIC_MAIL = (
    "Anyone can get an address at {0}, and a rule applies to a whole domain. "
    "To make a rule for everyone there, enter {0}"
)
_SHARED = "Many organizations share {0}. To make a rule for everyone there, enter {0}"


@dataclass(frozen=True, slots=True)
class PastedEntry:
    """One part of a paste: as it was typed, as it was understood, and why it cannot be a rule.

    A part that cannot be read has no name.
    """

    typed: str
    name: str = ""  # canonical
    breadth: str = ""
    problem: str = ""
    left: str = ""  # what stays in the box when it is not saved


@dataclass(frozen=True, slots=True)
class Paste:
    """A paste by its parts;
    `heading` is the line of column titles, `columns` those that were read.
    """

    entries: tuple[PastedEntry, ...]
    comments: int = 0
    heading: str = ""
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a line that has not been read."""

    text: str
    line: str
    is_word_among_others: bool = False


def read(text: str, breadth: str) -> Paste:
    """Read every part of the paste.

    `breadth` is for plain domains: a wildcard includes subdomains.
    """
    lines, comments = _content_lines(text)
    heading = _heading(lines)
    entries = tuple(_entry(part, breadth) for part in _parts(lines, heading))
    return Paste(entries, comments, lines[0] if heading.columns else "", heading.titles_read)


def has_none(text: str) -> bool:
    """Return whether there is nothing in a paste but blank lines, comments and separators."""
    return not any(_parts_of(text))


def is_too_much(text: str) -> bool:
    """Return whether a paste has more than AT_ONCE parts, without reading any."""
    if any(_is_endless(line) for line in text.splitlines()):
        return True
    return any(islice(_parts_of(text), AT_ONCE, None))


def read_one(text: str, breadth: str) -> PastedEntry:
    """Read one part by itself: a domain in any of its forms, a link, or an address."""
    return _entry(_Part(text.strip(_SPACES), text.strip(_SPACES)), breadth)


def _entry(part: _Part, breadth: str) -> PastedEntry:
    bare = _undecorated(part.text)
    rest, is_wide = without_wildcard(bare)
    try:
        name = _name_in(bare)
    except Refused as refusal:
        return PastedEntry(part.text, problem=str(refusal), left=_left(part))
    if part.is_word_among_others and not is_wide:
        return PastedEntry(part.text, problem=_ONE_WORD.format(name), left=_left(part))
    covers = WITH_SUBDOMAINS if is_wide else breadth
    return PastedEntry(part.text, name, covers, _problem(name, covers, rest), _left(part))


def _left(part: _Part) -> str:
    """A word given back on a line of its own would be read as a top-level domain the next time."""
    return part.line if part.is_word_among_others else part.text


def _problem(name: str, breadth: str, text: str) -> str:
    """Return why there can be no such rule, or why an address is not taken for its whole domain."""
    if has_mailbox(text):
        if guards.is_public_mail(name):
            return _PUBLIC_MAIL.format(name)
        if guards.suffix_section(name) or guards.is_shared_tenant_root(name):
            return _SHARED.format(name)
    reason = unreachable_rule(name, breadth)
    return reason.text if reason else ""


def _name_in(text: str) -> str:
    """Return the canonical domain of a domain, a link or an address. Raises Refused."""
    try:
        return email_domains.canonical_name_or_suffix(text)
    except Refused as refusal:
        suggestion = refusal.reasons[0].refers_to
        if suggestion is None:
            raise
        return suggestion.key


def _undecorated(text: str) -> str:
    """Leave out quotes, brackets, bullets and the name before an address in angle brackets."""
    if len(text) > email_domains.LONGEST_TYPED:
        return text
    bare = text.strip(_SPACES)
    if found := _IN_ANGLE_BRACKETS.fullmatch(bare):
        bare = found[1]
    bare = bare.strip(_EDGES)
    if found := _BULLET.match(bare):
        bare = bare[found.end() :].strip(_EDGES)
    return bare


# Lines and their parts


@dataclass(frozen=True, slots=True)
class _Heading:
    """The titles in the first line, and the numbers of the columns to read;
    no columns: no heading.
    """

    titles: tuple[str, ...] = ()
    columns: tuple[int, ...] = ()

    @property
    def titles_read(self) -> tuple[str, ...]:
        """Return the titles of the columns to read, where there are others."""
        has_others = len(self.columns) < len(self.titles)
        return tuple(self.titles[number] for number in self.columns) if has_others else ()

    def chosen(self, cells: list[str]) -> list[str]:
        """Return the cells of the columns to read; all of them in a line that has not one cell per
        title.
        """
        if not self.columns or len(cells) != len(self.titles):
            return cells
        return [cells[number] for number in self.columns]


def _is_endless(line: str) -> bool:
    """Return whether one line has too much: said before each of its hundred thousands of cells is
    looked at.
    """
    if len(line) < 2 * AT_ONCE:
        return False
    cells = (cell for cell in _cells(line) if cell.strip(_EDGES))
    return any(True for _cell in islice(cells, AT_ONCE, None))


def _parts_of(text: str) -> Iterator[_Part]:
    lines, _comments = _content_lines(text)
    return _parts(lines, _heading(lines))


def _parts(lines: list[str], heading: _Heading) -> Iterator[_Part]:
    for line in lines[1:] if heading.columns else lines:
        yield from _parts_of_line(line, heading)


def _parts_of_line(line: str, heading: _Heading) -> list[_Part]:
    cells = heading.chosen(_cells(line))
    texts = [text for cell in cells for text in _texts(cell)]
    are_words = [len(text.split()) == 1 and not has_inner_dot(text) for text in texts]
    return [
        _Part(text, line, is_word and not all(are_words))
        for text, is_word in zip(texts, are_words, strict=True)
    ]


def _content_lines(text: str) -> tuple[list[str], int]:
    """Return the lines that are neither blank nor a comment, and how many comments there are."""
    lines, comments = [], 0
    for raw in text.splitlines():
        line = raw.strip(_SPACES)
        if _COMMENT_LINE.match(line):
            comments += 1
        elif line := _without_comment(line):
            lines.append(line)
    return lines, comments


def _without_comment(line: str) -> str:
    """Leave out a comment after white space.

    What follows a semicolon is one unless a domain is in it.
    """
    if found := _COMMENT_BEHIND.search(line):
        line = line[: found.start()].rstrip()
    found = _SEMICOLON_BEHIND.search(line)
    if found and not has_inner_dot(line[found.end() :]):
        line = line[: found.start()].rstrip()
    return line


def _cells(line: str) -> list[str]:
    """Return the parts between separators; within straight quotes they separate nothing."""
    if line.count('"') % 2:
        return _SEPARATOR.split(line)
    cells = []
    for found in _CELLS.finditer(line):
        cells.append(found[1])
        if found[2] == "":
            break
    return cells


def _texts(cell: str) -> list[str]:
    """Return the domains in a cell, where all in it look like domains; else the cell as it is."""
    text = cell.strip(_SPACES)
    bare = _undecorated(text)
    inner = _SEPARATOR.sub(" ", bare).split()
    if len(inner) > 1 and all(has_inner_dot(each) for each in inner):
        return inner
    return [text] if bare else []


def _heading(lines: list[str]) -> _Heading:
    """Read the first line as column titles if it has a word for domains and no domain."""
    if len(lines) < 2:
        return _Heading()
    titles = tuple(_undecorated(cell).rstrip(":") for cell in _cells(lines[0]))
    if any(not _is_title(title) for title in titles):
        return _Heading()
    words = [set(_WORD.findall(title.casefold())) for title in titles]
    columns = [number for number, each in enumerate(words) if each & _DOMAIN_WORDS] or [
        number for number, each in enumerate(words) if each and each <= _NAME_WORDS
    ]
    return _Heading(titles, tuple(columns))


def _is_title(text: str) -> bool:
    return not has_inner_dot(text) and "@" not in text and len(text.split()) <= _LONGEST_TITLE

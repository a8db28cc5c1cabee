"""Where the pages of an organization are, and what an answer says to its reader."""

from __future__ import annotations

import re
from html import unescape

_BLOCKS = (
    "body|caption|dd|div|dl|dt|fieldset|footer|form|h[1-6]|header|legend|li|main|nav|ol|p|section|"
    "table|tbody|td|th|thead|tr|ul"
)


def at(organization, *parts: str) -> str:
    return "/".join(["/connected-organizations", str(organization.uuid), *parts, ""])


def markup_of(response) -> str:
    """The page with the white space that a browser minds: one space for a run of it.

    None stands beside a block, at the ends of a link or button, or at the end of a tag.
    """
    one_line = re.sub(r"[ \t\n\r\f]+", " ", response.content.decode()).replace(" >", ">")
    without_blocks = re.sub(rf" ?(</?(?:{_BLOCKS})\b[^>]*>) ?", r"\1", one_line)
    return re.sub(r"(<(?:a|button)\b[^>]*>) | (</(?:a|button)>)", r"\1\2", without_blocks)


def page_of(response) -> str:
    return unescape(markup_of(response))

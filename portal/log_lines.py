"""Log lines that nothing typed by anybody can break into two, and that give no link away."""

from __future__ import annotations

import json
import logging
import re

_SECRET_LINK = re.compile(r"(/invitations/|/password/reset/key/)[^/\s\"\\]+")


class JsonLines(logging.Formatter):
    """One JSON object a line: control characters in a message stay escaped.

    A mailed link, which opens an account, is masked.
    """

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": self.formatTime(record),
            "level": record.levelname,
            "logger": record.name,
            "message": _masked(record.getMessage()),
        }
        if request_id := getattr(getattr(record, "request", None), "request_id", None):
            line["request"] = request_id
        if record.exc_info:
            line["traceback"] = _masked(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=True)


def _masked(text: str) -> str:
    return _SECRET_LINK.sub(r"\1...", text)

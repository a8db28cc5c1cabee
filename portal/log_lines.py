"""Log lines that nothing typed by anybody can break into two."""

from __future__ import annotations

import json
import logging


class JsonLines(logging.Formatter):
    """One JSON object a line: control characters in a message stay escaped."""

    def format(self, record: logging.LogRecord) -> str:
        line = {"time": self.formatTime(record), "level": record.levelname, "logger": record.name, "message": record.getMessage()}
        if request_id := getattr(getattr(record, "request", None), "request_id", None):
            line["request"] = request_id
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=True)

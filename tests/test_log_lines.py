"""Lines of the log: one each, whatever was typed, and none that opens an account."""

from __future__ import annotations

import json
import logging
import sys

import pytest

from portal.log_lines import JsonLines


def line(message: str, *args, **more) -> str:
    return JsonLines().format(
        logging.LogRecord(
            "django.request",
            logging.WARNING,
            "x.py",
            1,
            message,
            args,
            **{"exc_info": None, **more},
        )
    )


@pytest.mark.parametrize(
    "typed",
    ["a\nb", "a\r\nb", "\x1b[31mred", "\u202eevil", "a\u2028b", "a\0b", '"}\n{"level": "INFO"}'],
)
def test_what_was_typed_stays_one_plain_line(typed):
    told = line("Not Found: %s", typed)
    assert (told.isascii() and told.isprintable(), json.loads(told)["message"]) == (
        True,
        f"Not Found: {typed}",
    )


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/invitations/u1jVq-3hXnB/", "/invitations/.../"),
        ("/accounts/password/reset/key/3-c8a1-9f/", "/accounts/password/reset/key/.../"),
        ("/people/0b3c/invitation/resend/", "/people/0b3c/invitation/resend/"),
    ],
)
def test_mailed_links_are_masked_and_other_paths_are_not(path, kept):
    assert (
        json.loads(line("Unprocessable Entity: %s", path))["message"]
        == f"Unprocessable Entity: {kept}"
    )


def test_mailed_links_are_masked_in_tracebacks_too():
    try:
        raise ValueError("/invitations/u1jVq-3hXnB/")
    except ValueError:
        told = line("failed", exc_info=sys.exc_info())
    assert "u1jVq" not in told
    assert "/invitations/.../" in json.loads(told)["traceback"]

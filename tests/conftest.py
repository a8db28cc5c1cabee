"""The cast, the same in every test, and what the databases need around tests."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

import pytest
from django.test import Client, TransactionTestCase
from hypothesis import HealthCheck, settings

from governance.db import kept_answers
from governance.db.triggers import drop_triggers, install_triggers
from governance.rules.roles import GLOBAL_ADMINISTRATOR, GUEST_INVITER, USER_ADMINISTRATOR

from . import mail_server, make

_QUIET = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
settings.register_profile("default", max_examples=500, deadline=None, suppress_health_check=_QUIET)
settings.register_profile(
    "properties", max_examples=50_000, deadline=None, suppress_health_check=_QUIET
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def _teardown_around_triggers(teardown=TransactionTestCase._fixture_teardown):
    """A flush empties the audit log too, which the triggers refuse: lift them for that moment."""

    def run(case):
        drop_triggers()
        teardown(case)
        install_triggers()

    return run


TransactionTestCase._fixture_teardown = _teardown_around_triggers()


class _Forgetful(dict):
    """A table that keeps nothing."""

    def __setitem__(self, key, value):
        pass


@pytest.fixture(autouse=True)
def no_answers_are_kept(monkeypatch):
    """Builders write rows without the audit event by which kept answers know of a change."""
    monkeypatch.setattr(kept_answers, "_kept", _Forgetful())


@pytest.fixture
def answers_are_kept(no_answers_are_kept, monkeypatch):
    """As in production, for tests that change rows by actions alone."""
    monkeypatch.setattr(kept_answers, "_kept", {})


@pytest.fixture
def ada(db):
    return make.member("ada@harbourgate.example", GLOBAL_ADMINISTRATOR, name="Ada Okafor")


@pytest.fixture
def uma(db):
    return make.member("uma@harbourgate.example", USER_ADMINISTRATOR, name="Uma Castellanos")


@pytest.fixture
def gil(db):
    return make.member("gil@harbourgate.example", GUEST_INVITER, name="Gil Marchetti")


@pytest.fixture
def rob(db):
    return make.member("rob@harbourgate.example", name="Rob Lindholm")


@pytest.fixture
def sam(db):
    return make.member("sam@harbourgate.example", name="Sam Adeyemi")


@pytest.fixture
def fabrikam(db):
    """The partner that covers bob."""
    return make.organization("Fabrikam", "fabrikam.example")


@pytest.fixture
def bob(fabrikam):
    return make.guest("bob@eng.fabrikam.example", name="Bob Ferreira")


@pytest.fixture
def eve(db):
    return make.guest("eve@evilfabrikam.example", name="Eve Novak")


@pytest.fixture(scope="session")
def _running_post():
    with mail_server.running_post() as post:
        yield post


@pytest.fixture
def post(_running_post, settings):
    """A real mail server, as the portal's EMAIL_URL would name it."""
    _running_post.received, _running_post.answer = [], "250 OK"
    mail_server.use(_running_post, settings)
    return _running_post


@pytest.fixture
def signed_in():
    """Answers a client signed in as the given person: `signed_in(ada).get("/")`."""

    def sign_in(person) -> Client:
        client = Client()
        client.force_login(person, backend="governance.models.sign_in.RoleBackend")
        return client

    return sign_in

"""Public mail and shared mailboxes, by dated lists."""

import pytest
from disposable_email_domains import blocklist

from governance.rules.domains import public_mail

from .names import accepted


@pytest.mark.parametrize(
    "name",
    [
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "hotmail.com",
        "yahoo.co.uk",
        "icloud.com",
        "proton.me",
        "gmx.de",
        "web.de",
        "qq.com",
        "163.com",
        "mail.ru",
        "yandex.ru",
        "aol.com",
        "mailinator.com",
        "bob.gmail.com",
        "a.b.qq.com",
    ],
)
def test_anyone_can_get_an_address_there(name):
    assert public_mail.is_public_mail(name) is True


@pytest.mark.parametrize(
    "name",
    [
        "fabrikam.example",
        "evilgmail.com",
        "gmail.com.example",
        "com",
        "google.com",
        "contoso.onmicrosoft.com",
    ],
)
def test_not_anyone_can_get_an_address_there(name):
    assert public_mail.is_public_mail(name) is False


def test_the_list_of_consumer_services_is_long_and_canonical():
    names = public_mail.consumer_names()
    assert len(names) >= 200
    assert [name for name in names if accepted(name) != name] == []


def test_every_throw_away_service_is_public_mail():
    assert len(blocklist) > 8000
    assert [
        name for name in blocklist if not public_mail.is_public_mail(accepted(name) or name)
    ] == []


@pytest.mark.parametrize(
    "local", ["support", "info", "postmaster", "noreply", "Support", "support+eu"]
)
def test_a_function_is_a_shared_mailbox(local):
    assert public_mail.is_shared_mailbox(local) is True


@pytest.mark.parametrize(
    "local",
    [
        "no.reply",
        "no_reply",
        "No-Reply+tag",
        "help.desk",
        "help-desk",
        "do.not_reply",
        "mailer.daemon",
        "customer_service",
        "human.resources",
        "web_master",
        "-info-",
    ],
)
def test_dots_hyphens_and_underscores_do_not_hide_a_function(local):
    assert public_mail.is_shared_mailbox(local) is True


@pytest.mark.parametrize(
    "local", ["info.bob", "team.bob", "-", "_", "._-", "bob.support", "su'pport"]
)
def test_what_is_more_than_a_function_is_no_shared_mailbox(local):
    assert public_mail.is_shared_mailbox(local) is False


@pytest.mark.parametrize("separator", [".", "-", "_"])
def test_every_word_of_the_list_is_known_with_a_separator_anywhere(separator):
    spelled = [
        word[:place] + separator + word[place:]
        for word in public_mail.shared_locals()
        for place in range(1, len(word))
    ]
    assert [local for local in spelled if not public_mail.is_shared_mailbox(local)] == []


@pytest.mark.parametrize("local", ["bob", "supporter", "bob+support", "+support", "info.bob"])
def test_a_person_is_no_shared_mailbox(local):
    assert public_mail.is_shared_mailbox(local) is False


@pytest.mark.parametrize("file", ["consumer_mail_2026_11.txt", "shared_mailboxes_2026_11.txt"])
def test_the_words_of_a_list_are_those_outside_its_comments(file):
    words = public_mail._words(file)
    assert [word for word in words if word.startswith("#") or word in {"Kept", "by", "hand,"}] == []
    assert len(words) > 10

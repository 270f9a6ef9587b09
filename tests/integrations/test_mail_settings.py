"""What production refuses of the doors for mail."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from prm.environment import read_environment
from tests.core.test_settings import PRODUCTION

POSTED = {
    "INBOUND_MAIL_ADDRESS": "deals@partners.example.com",
    "INBOUND_MAIL_SERVICE": "postmark",
    "INBOUND_MAIL_SECRET": "mail-service:a-long-enough-secret",
    "INBOUND_AUTHSERV_ID": "mx.example.com",
}
READ = {**POSTED, "INBOUND_MAIL_SERVICE": "", "INBOUND_IMAP_URL": "imaps://a:b@mail.example/INBOX"}


@pytest.mark.parametrize("given", [{}, POSTED, READ])
def test_whole_settings_are_taken(given):
    assert read_environment({**PRODUCTION, **given}).production


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({**POSTED, "INBOUND_MAIL_SECRET": ""}, "INBOUND_MAIL_SECRET"),
        ({**POSTED, "INBOUND_MAIL_SECRET": "a:short"}, "INBOUND_MAIL_SECRET"),
        ({**POSTED, "INBOUND_AUTHSERV_ID": ""}, "INBOUND_AUTHSERV_ID"),
        ({**POSTED, "INBOUND_MAIL_ADDRESS": ""}, "INBOUND_MAIL_ADDRESS"),
        ({**POSTED, "INBOUND_MAIL_SERVICE": "mailgun"}, "INBOUND_MAIL_SIGNING_KEY"),
        ({**POSTED, "INBOUND_MAIL_SERVICE": "pigeon"}, "INBOUND_MAIL_SERVICE"),
        ({**READ, "INBOUND_IMAP_URL": "imap://a:b@mail.example/INBOX"}, "imaps://"),
        ({**READ, "INBOUND_IMAP_URL": "pop3://a:b@mail.example"}, "INBOUND_IMAP_URL"),
    ],
)
def test_what_would_let_anybody_in_is_refused(given, says):
    with pytest.raises(ImproperlyConfigured, match=says):
        read_environment({**PRODUCTION, **given})

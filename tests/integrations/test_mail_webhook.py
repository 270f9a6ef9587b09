"""The mail service's posts: only with our secret, safe before they are answered."""

import base64
import hmac

import pytest

from integrations.maildoor import port, webhook
from integrations.models import InboundMessage
from tests.integrations.mails import mail

pytestmark = pytest.mark.django_db

SECRET = "mail-service:a-long-enough-secret"
ADDRESS = "/integrations/mail/"


@pytest.fixture(autouse=True)
def service(settings):
    settings.INBOUND_MAIL_SERVICE = "postmark"
    settings.INBOUND_MAIL_SECRET = SECRET


def headers(secret: str = SECRET) -> dict[str, str]:
    return {"Authorization": f"Basic {base64.b64encode(secret.encode()).decode()}"}


def posted(**changes):
    return {
        "RawEmail": mail("Hello").as_string(),
        "MessageID": "x",
        "From": "a@b.example",
        **changes,
    }


def post(client, body=None, secret=SECRET):
    return client.post(
        ADDRESS, body or posted(), content_type="application/json", headers=headers(secret)
    )


def test_a_post_is_safe_with_us_when_it_is_answered(client):
    assert [post(client).status_code for _again in "ab"] == [204, 204]

    row = InboundMessage.objects.get()
    assert (row.via, row.sender, row.subject) == ("webhook", "jonas@cast.example", "A new deal")


@pytest.mark.parametrize("secret", ["", "mail-service:wrong", "mail-service:"])
def test_without_the_secret_nothing_is_taken(client, secret):
    assert post(client, secret=secret).status_code == 401
    assert client.post(ADDRESS, posted(), content_type="application/json").status_code == 401
    assert not InboundMessage.objects.exists()


def test_without_settings_there_is_nothing(client, settings):
    settings.INBOUND_MAIL_SECRET = ""
    assert post(client).status_code == 404
    assert not InboundMessage.objects.exists()


def test_too_large_a_post_is_refused_before_it_is_read(client, monkeypatch):
    monkeypatch.setattr(webhook, "LARGEST_POST", 100)
    assert post(client).status_code == 413
    assert not InboundMessage.objects.exists()


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff"])
def test_nonsense_is_a_bad_request(client, body):
    answer = client.generic(
        "POST", ADDRESS, body, content_type="application/json", headers=headers()
    )

    assert answer.status_code == 400
    assert not InboundMessage.objects.exists()


def test_a_failure_of_ours_is_no_2xx_so_it_is_sent_again(client, monkeypatch):
    def fail(_received, _way):
        raise ConnectionError("database away")

    client.raise_request_exception = False
    with monkeypatch.context() as patched:
        patched.setattr(port, "take", fail)
        assert post(client).status_code == 500
    assert post(client).status_code == 204
    assert InboundMessage.objects.count() == 1


@pytest.mark.parametrize(("key", "status"), [("key-of-ours", 204), ("another", 401)])
def test_mailguns_signature_counts_beside_the_secret(client, settings, key, status):
    settings.INBOUND_MAIL_SERVICE = "mailgun"
    settings.INBOUND_MAIL_SIGNING_KEY = "key-of-ours"
    signature = hmac.new(key.encode(), b"1token", "sha256").hexdigest()
    signed = {"timestamp": "1", "token": "token", "signature": signature}
    form = {"body-mime": mail("Hello").as_string(), "recipient": "deals@prm.example", **signed}

    assert client.post(ADDRESS, form, headers=headers()).status_code == status
    assert client.post(ADDRESS, form).status_code == 401
    assert InboundMessage.objects.count() == (status == 204)

"""K1: production starts only with everything set, and is then clean."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from prm.environment import ROOT, read_environment

PRODUCTION = {
    "PRM_ENV": "production",
    "SECRET_KEY": "Zk3vQ9xT7pLw2RfB8nYc5HdJ1sMg6UaE0tVo4iXqKbWzNjPl",
    "ALLOWED_HOSTS": "partners.example.com",
    "SITE_URL": "https://partners.example.com",
    "DATABASE_URL": "postgresql://prm:secret@db.example.com/prm",
    "REDIS_URL": "redis://redis.example.com:6379/0",
    "EMAIL_URL": "smtp+tls://user:secret@mail.example.com",
    "MAIL_FROM": "Partner Hub <partners@example.com>",
    "MEDIA_ROOT": "/data/media",
}
PRODUCTION["SECRET_KEY"] += "0123456789"
REQUIRED = sorted(PRODUCTION.keys() - {"PRM_ENV"})


def problems(**changes: str) -> str:
    with pytest.raises(ImproperlyConfigured) as refused:
        read_environment({**PRODUCTION, **changes})
    return str(refused.value)


def test_production_starts_with_what_is_required():
    environment = read_environment(PRODUCTION)
    assert environment.production
    assert environment.staff_mfa_required
    assert environment.behind_https
    assert environment.trusted_proxies == 1
    assert environment.log_format == "json"


def test_everything_missing_is_named_at_once():
    with pytest.raises(ImproperlyConfigured) as refused:
        read_environment({"PRM_ENV": "production"})
    first = str(refused.value).splitlines()[0]
    assert sorted(re.findall(r"[A-Z_]{6,}", first)) == REQUIRED


@pytest.mark.parametrize("name", REQUIRED)
def test_each_required_name_stops_production_when_it_is_empty(name):
    assert problems(**{name: "  "}) == f"Not set: {name}. .env.example says what each is."


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("SECRET_KEY", "short", "SECRET_KEY is weak"),
        ("SECRET_KEY", "a" * 60, "SECRET_KEY is weak"),
        ("SECRET_KEY", f"django-insecure-{PRODUCTION['SECRET_KEY']}", "SECRET_KEY is weak"),
        ("ALLOWED_HOSTS", "*", "not '*'"),
        ("ALLOWED_HOSTS", "other.example.com", "does not contain partners.example.com"),
        ("SITE_URL", "http://partners.example.com", "must begin with https"),
        ("SITE_URL", "partners.example.com", "SITE_URL does not look right"),
        ("DATABASE_URL", "mysql://x", "DATABASE_URL does not look right"),
        ("REDIS_URL", "http://x", "REDIS_URL does not look right"),
        ("EMAIL_URL", "mail.example.com", "EMAIL_URL does not look right"),
        ("METRICS_TOKEN", "short", "METRICS_TOKEN is weak"),
        ("TRUSTED_PROXIES", "one", "takes a whole number"),
        ("SIGN_UP_OPEN", "maybe", "takes yes or no"),
        ("LOG_LEVEL", "LOUD", "LOG_LEVEL is 'LOUD'"),
        ("TIME_ZONE", "Mars/Olympus", "TIME_ZONE is 'Mars/Olympus'"),
        ("BASE_CURRENCY", "euro", "BASE_CURRENCY does not look right"),
        ("PRM_ENV", "prod", "PRM_ENV is 'prod'"),
    ],
)
def test_wrong_values_are_refused_by_name(name, value, says):
    assert says in problems(**{name: value})


def test_several_wrong_values_are_told_together():
    assert len(problems(TRUSTED_PROXIES="x", LOG_LEVEL="y", SIGN_UP_OPEN="z").splitlines()) == 3


def test_secrets_are_not_shown_with_the_settings():
    shown = repr(read_environment({**PRODUCTION, "METRICS_TOKEN": "metrics-token-of-some-length"}))
    for secret in (PRODUCTION["SECRET_KEY"], "secret@", "metrics-token"):
        assert secret not in shown


def test_subdomain_pattern_serves_the_site():
    assert read_environment({**PRODUCTION, "ALLOWED_HOSTS": ".example.com"}).production


def test_example_lists_exactly_the_names_that_are_read():
    text = (ROOT / ".env.example").read_text()
    listed = set(re.findall(r"^([A-Z_]+)=", text, flags=re.MULTILINE))
    of_compose = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))
    names = read_environment(PRODUCTION).names
    assert names - listed == set()
    assert listed - names - of_compose == set()


def test_example_has_no_secret_and_says_what_each_name_is():
    lines = (ROOT / ".env.example").read_text().splitlines()
    for number, line in enumerate(lines):
        if re.match(r"[A-Z_]+=", line):
            assert lines[number - 1].startswith("#"), line
    assert "SECRET_KEY=" in lines


def test_operators_guide_explains_every_name():
    guide = (ROOT / "docs" / "operations.md").read_text()
    for name in read_environment(PRODUCTION).names:
        assert f"`{name}`" in guide, name


# --- the process itself --------------------------------------------------------------------


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    own = {"PATH": os.environ["PATH"], "PYTHONWARNINGS": "ignore", **environment}
    command = [sys.executable, str(Path(ROOT, "manage.py")), *arguments]
    return subprocess.run(command, env=own, capture_output=True, text=True, timeout=120)


def test_deploy_check_is_clean_on_production_settings():
    checked = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert checked.returncode == 0, checked.stderr
    assert "no issues (0 silenced)" in checked.stdout


def test_process_does_not_start_without_secrets():
    environment = {k: v for k, v in PRODUCTION.items() if k not in ("SECRET_KEY", "EMAIL_URL")}
    stopped = manage("check", **environment)
    assert stopped.returncode != 0
    assert "Not set: SECRET_KEY, EMAIL_URL." in stopped.stderr


def test_production_settings_are_strict():
    code = (
        "from django.conf import settings as s;"
        "print(s.DEBUG, s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE,"
        " s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS, s.SECURE_SSL_REDIRECT,"
        " s.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN, s.SILENCED_SYSTEM_CHECKS)"
    )
    shown = manage("shell", "-v", "0", "-c", code, **PRODUCTION).stdout
    assert (
        shown.strip() == "False __Host-prm_session __Host-prm_csrf True True 31536000 True False []"
    )

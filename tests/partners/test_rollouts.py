"""Features tried out with some regions or partners first."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import Event
from dealreg.features import EARLY_CHECK
from partners.models import Region, RollOut
from partners.queries import feature_on
from partners.registries.features import Feature, declare_feature
from partners.rules import Reach, is_on

MAY = dt.date(2026, 5, 1)
DAY = dt.timedelta(days=1)
DACH = Reach(MAY, MAY + 30 * DAY, region="EMEA.DACH")
ALPHA = Reach(MAY, MAY + 30 * DAY, partner_id=1)


@pytest.mark.parametrize(
    ("reaches", "partner_id", "region", "on", "expected"),
    [
        ([], 1, "EMEA", MAY, True),
        ([DACH], 1, "EMEA.DACH", MAY, True),
        ([DACH], 1, "EMEA.DACH.AT", MAY, True),
        ([DACH], 1, "EMEA.DACHSTEIN", MAY, False),
        ([DACH], 1, "EMEA", MAY, False),
        ([DACH], 1, "EMEA.DACH", MAY - DAY, False),
        ([DACH], 1, "EMEA.DACH", MAY + 30 * DAY, True),
        ([DACH], 1, "EMEA.DACH", MAY + 31 * DAY, False),
        ([ALPHA], 1, "APAC", MAY, True),
        ([ALPHA], 2, "APAC", MAY, False),
        ([DACH, ALPHA], 1, "APAC", MAY, True),
    ],
)
def test_who_has_the_feature(reaches, partner_id, region, on, expected):
    assert is_on(reaches, partner_id, region, on) is expected


def test_a_code_is_declared_once():
    with pytest.raises(ValueError, match=r"deals\.check is declared twice"):
        declare_feature(Feature("deals.check", _("Again")))


@pytest.fixture
def tried_by_beta(cast):
    today = timezone.localdate()
    return RollOut.objects.create(
        feature=EARLY_CHECK.code, partner=cast.beta, first_day=today, last_day=today + DAY
    )


@pytest.mark.django_db
def test_only_who_tries_it_has_it_until_it_ends(cast, tried_by_beta):
    assert (feature_on(cast.alpha.pk, EARLY_CHECK), feature_on(cast.beta.pk, EARLY_CHECK)) == (
        False,
        True,
    )
    RollOut.objects.update(first_day="2020-01-01", last_day="2020-01-31")
    assert not feature_on(cast.beta.pk, EARLY_CHECK)
    RollOut.objects.all().delete()
    assert feature_on(cast.alpha.pk, EARLY_CHECK)


@pytest.mark.django_db
def test_what_is_not_open_to_all_costs_one_query(cast, django_assert_num_queries):
    feature_on(cast.alpha.pk, EARLY_CHECK)
    with django_assert_num_queries(1):
        assert feature_on(cast.alpha.pk, EARLY_CHECK)


@pytest.mark.django_db
def test_the_early_check_is_there_for_those_who_try_it(client, cast, rules, tried_by_beta):
    check, asked = reverse("deal_check"), {"customer_name": "Nordwind Logistics"}
    for who, there in ((cast.jonas, False), (cast.bo, True)):
        client.force_login(who)
        page = client.get(reverse("deal_new")).content.decode()
        assert (f'hx-get="{check}"' in page) is there
        assert client.get(check, asked).status_code == (200 if there else 403)


@pytest.mark.django_db
def test_operations_roll_a_feature_out_and_it_is_recorded(client, cast):
    client.force_login(cast.otto)
    emea = Region.objects.get(code="EMEA")
    form = {
        "feature": "deals.check",
        "region": emea.pk,
        "partner": "",
        "first_day": "2026-05-01",
        "last_day": "2026-05-31",
    }
    assert client.post(reverse("admin:partners_rollout_add"), form).status_code == 302
    assert RollOut.objects.get().region == emea
    assert Event.objects.latest("id").kind == "core.row_added"
    assert "Check whether a customer is taken" in (
        client.get(reverse("admin:partners_rollout_changelist")).content.decode()
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"region": ""}, "Choose either a region or a partner."),
        ({"partner": "alpha"}, "Choose either a region or a partner."),
        ({"last_day": "2026-04-30"}, "It cannot end before it begins."),
    ],
)
def test_what_cannot_be_is_told_on_the_form(client, cast, changes, told):
    client.force_login(cast.otto)
    form = {
        "feature": "deals.check",
        "region": Region.objects.get(code="EMEA").pk,
        "first_day": "2026-05-01",
        "last_day": "2026-05-31",
        **{name: cast.alpha.pk if value == "alpha" else value for name, value in changes.items()},
    }
    assert told in client.post(reverse("admin:partners_rollout_add"), form).content.decode()
    assert not RollOut.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("both", [True, False])
def test_the_database_refuses_both_and_neither(cast, both):
    reach = {"region": cast.alpha.region, "partner": cast.alpha} if both else {}
    with pytest.raises(IntegrityError), transaction.atomic():
        RollOut.objects.create(feature="x", first_day=MAY, last_day=MAY, **reach)


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["mara", "ada", "jonas"])
def test_nobody_but_operations_rolls_out(client, cast, who):
    client.force_login(getattr(cast, who))
    assert client.post(reverse("admin:partners_rollout_add"), {}).status_code == 403
    assert not RollOut.objects.exists()

"""The pages of the ideal partner profile, in the back office, the portal and the API."""

from dataclasses import replace

import pytest
from django.urls import reverse

from partners.models import FitRun, IdealProfile, PartnerFit
from partners.rules.fit import question_key
from partners.runs import scoring
from partners.services import fit
from partners.services import ideal_profiles as ideals
from tests.cast import bearer
from tests.partners.ideal import SUPPORT, criteria, draft, published
from tests.partners.programme import TEST

pytestmark = pytest.mark.django_db


def sent(client, address):
    """The form as the page shows it."""
    form = client.get(address).context["form"]
    values = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    return {name: value for name, value in values.items() if not (value is None or value is False)}


def test_operations_write_a_profile_without_a_line_of_code(client, cast):
    client.force_login(cast.otto)
    client.post(reverse("admin:partners_idealprofile_add"))
    row = IdealProfile.objects.get()
    address = reverse("admin:partners_idealprofile_change", args=[row.pk])
    for source in ("employees", "type", "check", "country"):
        answer = client.post(address, {**sent(client, address), "add": source})
        assert answer.status_code == 302, answer.context["form"].wrong()
        if source == "check":
            page = {**sent(client, address), "label-2": SUPPORT}
            answer = client.post(address, page)
            assert answer.status_code == 302, answer.context["form"].wrong()
    page = sent(client, address) | {"from-0-0": "10", "share-0-0": "50", "from-0-1": "50"}
    refused = client.post(address, page)
    assert (refused.status_code, "Write both" in refused.content.decode()) == (422, True)
    page |= {"share-0-1": "100", "members-1": ["reseller", "msp"], "drop-3": "on"}
    answer = client.post(address, page)
    assert answer.status_code == 302, answer.context["form"].wrong()

    text = client.get(address).content.decode()
    for said in ("50 % from 10 people on", "one of Managed service provider or Reseller", SUPPORT):
        assert said in text
    client.post(reverse("admin:partners_idealprofile_publish", args=[row.pk]), {})
    row.refresh_from_db()
    assert (row.status, row.criteria.count()) == ("published", 3)


def test_a_version_is_compared_with_the_one_before(client, cast):
    old = published()
    client.force_login(cast.otto)
    client.post(reverse("admin:partners_idealprofile_draft", args=[old.pk]))
    row = IdealProfile.objects.latest("pk")
    size, business, _support = criteria()
    wanted = ideals.IdealDraft("New", (size, replace(business, weight=5)))
    ideals.write_ideal(actor=TEST, profile_id=row.pk, draft=wanted)
    address = reverse("admin:partners_idealprofile_change", args=[row.pk])
    text = client.get(address).content.decode()
    for said in ("Compared with v1", "the same", "Business, weight 30", "no longer asked"):
        assert said in text


def test_a_stale_writer_keeps_its_text(client, cast):
    row = draft()
    client.force_login(cast.otto)
    address = reverse("admin:partners_idealprofile_change", args=[row.pk])
    mine = {**sent(client, address), "title": "Mine"}
    ideals.write_ideal(actor=TEST, profile_id=row.pk, draft=ideals.IdealDraft("Theirs"))
    answer = client.post(address, mine)
    assert (answer.status_code, "Mine" in answer.content.decode()) == (409, True)
    assert IdealProfile.objects.get().title == "Theirs"


def test_a_trial_shows_the_spread_and_who_moves(client, cast):
    row = draft()
    client.force_login(cast.otto)
    answer = client.post(reverse("admin:partners_idealprofile_simulate", args=[row.pk]))
    run = FitRun.objects.get()
    waiting = client.get(answer.url)
    assert waiting.headers["Refresh"] == "3"
    scoring.work_due()
    text = client.get(answer.url).content.decode()
    for said in ("2 of 2 partners would stand on another level", "90–100", "Beta Networks"):
        assert said in text
    export = client.get(reverse("admin:partners_fitrun_export", args=[run.pk]))
    assert "Alpha Systems" in b"".join(export.streaming_content).decode()


def test_staff_read_the_list_by_score_and_answer(client, cast, django_assert_max_num_queries):
    published()
    for partner in (cast.alpha, cast.beta):
        fit.score_partner(partner.pk)
    client.force_login(cast.mara)
    listed = client.get(reverse("admin:partners_partnerfit_changelist")).content.decode()
    assert "Alpha Systems" in listed
    assert "Fits well" in listed
    answer = reverse("admin:partners_partnerfit_answer", args=[cast.alpha.pk])
    client.post(answer, {"question": question_key(SUPPORT), "answer": "no"})
    page = reverse("admin:partners_partnerfit_partner", args=[cast.alpha.pk])
    with django_assert_max_num_queries(15):
        text = client.get(page).content.decode()
    for said in ("60.0 of 100 points", "A yes to this question", "+40.0 points", "left out"):
        assert said in text
    assert client.post(answer, {"answer": "perhaps"}).status_code == 302
    assert PartnerFit.objects.get(partner=cast.alpha).score == 60


def test_the_score_stands_where_the_status_is_decided_and_on_the_overview(client, cast):
    published()
    fit.score_partner(cast.alpha.pk)
    client.force_login(cast.otto)
    for name in ("admin:partners_partner_change", "admin:partners_partner_overview"):
        text = client.get(reverse(name, args=[cast.alpha.pk])).content.decode()
        assert "Fits well" in text
        assert "100.0" in text


def test_the_partner_reads_it_only_where_the_version_says_so(
    client, cast, django_assert_max_num_queries
):
    hidden = published()
    fit.score_partner(cast.alpha.pk)
    client.force_login(cast.jonas)
    assert client.get(reverse("fit")).status_code == 404
    assert reverse("fit") not in client.get(reverse("tier")).content.decode()

    ideals.retire_ideal(actor=TEST, profile_id=hidden.pk)
    published(shown=True)
    assert "not been scored yet" in client.get(reverse("fit")).content.decode()
    fit.score_partner(cast.alpha.pk)
    with django_assert_max_num_queries(15):
        text = client.get(reverse("fit")).content.decode()
    assert "An answer: yes" not in text
    assert "Known to be at least 50 people" not in text
    for said in ("Fits well", "Has its own support team", "left out", "100.0"):
        assert said in text
    with django_assert_max_num_queries(15):
        assert reverse("fit") in client.get(reverse("tier")).content.decode()


def test_programs_read_the_score(client, cast):
    published()
    fit.score_partner(cast.alpha.pk)

    def read(user, **query):
        return client.get(reverse("api_fit"), query, headers=bearer(user, "programme:read"))

    assert read(cast.jonas).status_code == 404
    said = read(cast.mara, partner=cast.alpha.pk).json()
    assert (said["score"], said["level"], said["version"]) == ("100.0", "good", 1)
    assert [one["points"] for one in said["reasons"]] == ["0.0", "100.0", "0.0"]

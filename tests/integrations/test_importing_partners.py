"""Partners from a spreadsheet: all or reported by row, twice adds nothing, and back."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.importing import runs
from core.models import ImportRun
from partners.models import Partner, PartnerContact

pytestmark = pytest.mark.django_db

HEAD = "Company,Type,Region,Status,Tier,Country,Domain,Channel manager"
ROWS = [
    "Gamma Works,Reseller,WORLD.EMEA,active,Silver,Germany,https://www.gamma.example/,mara@cast.example",
    "Delta Cloud,msp,emea,,,AT,delta.example; delta-cloud.example,",
]
WRONG = [
    ("Eta,baker,EMEA,,,,,", "“baker” is not known here."),
    ("Eta,msp,Atlantis,,,,,", "No region is called “Atlantis”."),
    ("Eta,msp,EMEA,offboarded,,,,", "Partners with the status “Offboarded” are not taken."),
    ("Eta,msp,EMEA,,Gold,,,", "No tier is called “Gold”."),
    ("Eta,msp,EMEA,,,,alpha.example,", "alpha.example belongs to another partner."),
    ("Eta,msp,EMEA,,,,not a domain,", "“not” is not an internet domain."),
    ("Eta,msp,EMEA,,,Nowhere,,", "“Nowhere” is not known here."),
    ("Eta,msp,EMEA,,,,,bo@cast.example", "Nobody at the vendor has the address bo@cast.example."),
]


def sheet(rows=ROWS):
    return SimpleUploadedFile("partners.csv", "\n".join([HEAD, *rows, ""]).encode())


@pytest.fixture
def run_through(cast):
    """From the file to the end; the run."""

    def go(upload=None, until="taken") -> ImportRun:
        otto = cast.actor(cast.otto)
        run = runs.begin(actor=otto, importer="partners", upload=upload or sheet())
        runs.try_out(actor=otto, run_id=run.pk, mapping=run.mapping)
        runs.work_due()
        if until == "taken":
            runs.go_ahead(actor=otto, run_id=run.pk)
            runs.work_due()
        run.refresh_from_db()
        return run

    return go


def test_a_trial_writes_nothing_and_says_what_is_wrong_where(run_through):
    run = run_through(sheet([*ROWS, *(row for row, _text in WRONG)]), until="tried")
    assert runs.counts_of(run) == {"added": 2, "wrong": len(WRONG)}
    told = run.rows.filter(outcome="wrong").order_by("number").values_list("message", flat=True)
    assert list(told) == [text for _row, text in WRONG]
    assert Partner.objects.count() == 2


def test_right_rows_become_partners(run_through, cast):
    assert runs.counts_of(run_through()) == {"added": 2}
    gamma, delta = Partner.objects.order_by("-name").filter(name__in=["Gamma Works", "Delta Cloud"])
    assert (gamma.status, gamma.manager, gamma.country) == ("active", cast.mara, "DE")
    assert (delta.type, delta.status, delta.tier, delta.region) == (
        "msp",
        "prospect",
        cast.alpha.tier,
        cast.alpha.region,
    )
    assert sorted(delta.domains.values_list("domain", flat=True)) == [
        "delta-cloud.example",
        "delta.example",
    ]


def test_h4_the_same_file_twice_adds_nothing(run_through):
    run_through()
    assert runs.counts_of(run_through()) == {"known": 2}
    assert Partner.objects.count() == 4


def test_h3_an_export_comes_back_as_what_is_there(run_through, client, cast):
    run_through()
    client.force_login(cast.otto)
    answer = client.get(reverse("admin:partners_partner_export"))
    content = b"".join(answer.streaming_content)
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert [row["name"] for row in rows] == [
        "Alpha Systems",
        "Beta Networks",
        "Delta Cloud",
        "Gamma Works",
    ]
    assert rows[3]["domains"] == "gamma.example"
    Partner.objects.get(name="Gamma Works").delete()
    run = run_through(SimpleUploadedFile("partners.csv", content))
    assert runs.counts_of(run) == {"known": 3, "added": 1}
    assert Partner.objects.get(name="Gamma Works").manager == cast.mara


def test_what_nobody_has_touched_can_be_taken_back(run_through, cast):
    run = run_through()
    PartnerContact.objects.create(
        partner=Partner.objects.get(name="Delta Cloud"), name="Lena", role="legal"
    )
    runs.undo(actor=cast.actor(cast.otto), run_id=run.pk)
    runs.work_due()
    assert runs.counts_of(run) == {"undone": 1, "kept": 1}
    assert list(Partner.objects.order_by("name").values_list("name", flat=True)) == [
        "Alpha Systems",
        "Beta Networks",
        "Delta Cloud",
    ]

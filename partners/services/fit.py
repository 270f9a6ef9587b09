"""Partners are scored by the ideal partner profile, and people answer its questions."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.events import record
from core.inserting import insert_all
from core.sql import Sql, rows_of
from partners.events.fit import FitAnswered
from partners.measures import Among
from partners.models import FitAnswer, Partner, PartnerFit
from partners.queries import fit
from partners.queries.fit import ReadIdeal
from partners.rules.fit import Criterion, Facts, Kind, Scored

LOCK = "SELECT p.id FROM partners_partner p WHERE {where} ORDER BY p.id FOR NO KEY UPDATE"


@transaction.atomic
def score_partners(among: Among, *, now: dt.datetime | None = None) -> Counter[str]:
    """Scores some partners by the versions in force and keeps what differs from before; how many
    were looked at ("seen") and how many rows written ("written"). The same again writes nothing.

    Some ten queries for each version that speaks for one of them. The partners' rows are locked
    the while; registrations go on.
    """
    now = now or timezone.now()
    rows_of(Sql(LOCK.format(where=among.where("p.id")), among.values))
    counting = fit.in_force(now)
    groups: dict[int | None, list[Partner]] = {}
    ideals = {one.id: one for one in counting}
    partners = _among(among)
    for partner in partners:
        ideal = fit.ideal_of(partner, counting) if partner.status in fit.SCORED else None
        groups.setdefault(ideal.id if ideal else None, []).append(partner)
    written = _without_score(groups.pop(None, []))
    for key, group in groups.items():
        assert key is not None  # taken out above
        written += _keep(group, ideals[key], now)
    return Counter({"seen": len(partners), "written": written})


def score_partner(partner_id: int, *, now: dt.datetime | None = None) -> Counter[str]:
    return score_partners(Among(ids=(partner_id,)), now=now)


def _among(among: Among) -> list[Partner]:
    rows = Partner.objects.select_related("region").order_by("pk")
    if among.ids is not None:
        return list(rows.filter(pk__in=among.ids))
    if among.upto is not None:
        return list(rows.filter(pk__gt=among.after, pk__lte=among.upto))
    return list(rows)


def _without_score(partners: Sequence[Partner]) -> int:
    """Nobody says what the ideal one is like for these any more."""
    keys = [one.pk for one in partners]
    return PartnerFit.objects.filter(partner_id__in=keys, current=True).update(current=False)


def _keep(partners: Sequence[Partner], ideal: ReadIdeal, now: dt.datetime) -> int:
    scored = fit.scores_of(partners, ideal, timezone.localdate(now))
    stored = PartnerFit.objects.filter(partner_id__in=list(scored), profile_id=ideal.id)
    before = {
        key: (current, score, reasons)
        for key, current, score, reasons in stored.values_list(
            "partner_id", "current", "score", "reasons"
        )
    }
    rows = []
    for key, (one, facts) in scored.items():
        reasons = reasons_of(one, ideal.criteria, facts)
        if before.get(key) == (True, one.score, reasons):
            continue
        rows.append(
            PartnerFit(
                partner_id=key,
                profile_id=ideal.id,
                current=True,
                score=one.score,
                reasons=reasons,
                scored_at=now,
            )
        )
    if not rows:
        return 0
    others = PartnerFit.objects.filter(
        partner_id__in=[row.partner_id for row in rows], current=True
    )
    others.exclude(profile_id=ideal.id).update(current=False)
    insert_all(
        rows,
        known_by=("partner_id", "profile_id"),
        renewed=("current", "score", "reasons", "scored_at"),
    )
    return len(rows)


def reasons_of(scored: Scored, criteria: Sequence[Criterion], facts: Facts) -> list[dict[str, Any]]:
    """What each criterion saw and added, and what is missing: JSON with numbers as text, without
    words of any language."""
    gaps = {gap.key: gap for gap in scored.gaps}
    reasons: list[dict[str, Any]] = []
    for one, part in zip(criteria, scored.parts, strict=True):
        reason: dict[str, Any] = {
            "key": one.key,
            "value": value_of(one, facts),
            "share": None if part.share is None else f"{part.share.quantize(part.points):f}",
            "points": str(part.points),
            "out_of": str(part.out_of),
        }
        if gap := gaps.get(one.key):
            reason["gap"] = {
                "points": str(gap.points),
                "missing": None if gap.missing is None else f"{gap.missing:f}",
                "target": None if gap.target is None else f"{gap.target:f}",
                "less": gap.less,
            }
        reasons.append(reason)
    return reasons


def value_of(one: Criterion, facts: Facts) -> str | list[str] | bool | None:
    """What a criterion saw; None for the unknown."""
    if one.kind == Kind.NUMBER:
        value = facts.numbers.get(one.source)
        return None if value is None else f"{value:f}"
    if one.kind == Kind.CHECK:
        return facts.answers.get(one.question)
    return sorted(facts.sets.get(one.source, ())) or None


class NotAsked(ValueError):
    """No version that counts for the partner asks this."""


@transaction.atomic
def answer_question(
    *, actor: Actor, partner_id: int, question: str, yes: bool | None
) -> FitAnswer | None:
    """Says yes or no to a question of the profile about a partner, or (None) takes the answer
    back; the partner is scored anew. The same again changes nothing.

    Staff answer within their regions. Raises Http404, PermissionDenied, NotAsked.
    """
    partner = fit.partner_of(actor, partner_id)
    if partner is None:
        raise Http404
    if not (actor.is_staff or actor.is_system):
        raise PermissionDenied(_("People at the vendor answer this."))
    Partner.objects.select_for_update(of=("self",), no_key=True).get(pk=partner_id)
    asked = _question(partner, question)
    row = FitAnswer.objects.filter(partner=partner, question=question).first()
    if (row.yes if row else None) == yes:
        return row
    old = _word(row.yes if row else None)
    if yes is None:
        FitAnswer.objects.filter(partner=partner, question=question).delete()
        row = None
    else:
        row, _made = FitAnswer.objects.update_or_create(
            partner=partner,
            question=question,
            defaults={
                "wording": asked.label,
                "yes": yes,
                "answered_by_id": actor.user_id,
                "answered_label": actor.label[:200],
                "answered_at": timezone.now(),
            },
        )
    fact = FitAnswered(asked.label, old, _word(yes))
    record(fact, subject=partner, actor=actor, partner_id=partner.pk)
    score_partner(partner.pk)
    return row


def _question(partner: Partner, question: str) -> Criterion:
    """The question as the version asks it by which the partner is scored. Raises NotAsked."""
    ideal = fit.ideal_of(partner, fit.in_force(timezone.now()))
    asked = [one for one in (ideal.criteria if ideal else ()) if one.source == "check"]
    found = next((one for one in asked if one.question == question), None)
    if found is None:
        raise NotAsked(_("The profile does not ask this about the partner."))
    return found


def _word(yes: bool | None) -> str:
    return "" if yes is None else "yes" if yes else "no"

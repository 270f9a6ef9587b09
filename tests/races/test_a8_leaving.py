"""A8: who is removed does nothing more after that commit, not even what they had begun; and of
two administrators who remove each other at the same moment one stays."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from core import standing
from core.models import Event as Recorded
from dealreg.models import Deal
from dealreg.services import register_deal
from partners.models import Membership
from partners.queries import actor_for
from partners.rules import PartnerRole
from partners.services import places
from tests.cast import make_cast, member
from tests.races.rig import asking

pytestmark = pytest.mark.django_db(transaction=True)


def keep_registering(cast, actor, name, started: Event, most: int = 30) -> int:
    """Registers with the actor of a request that began before; how many were done until one was
    refused."""
    done = 0
    try:
        for number in range(most):
            register_deal(
                actor=actor, request=asking(cast.product, customer_name=f"{name}-{number} Works")
            )
            done += 1
            started.set()
    except PermissionDenied:
        return done
    finally:
        connection.close()
    return most


def test_a8_nothing_is_done_after_the_commit_of_a_removal(rules):
    cast = make_cast()
    jonas, started = actor_for(cast.jonas), Event()
    with ThreadPoolExecutor(4) as pool:
        names = ["Aster", "Birke", "Clematis", "Dahlia"]
        jobs = [pool.submit(keep_registering, cast, jonas, name, started) for name in names]
        assert started.wait(30)
        place = Membership.objects.get(user=cast.jonas)
        places.end_place(actor=actor_for(cast.ada), membership_id=place.pk)
        done = [job.result() for job in jobs]

    assert all(number < 30 for number in done), done
    assert Deal.objects.count() == sum(done)
    left = Recorded.objects.get(kind="partners.person_left")
    later = Recorded.objects.filter(actor_user_id=cast.jonas.pk, pk__gt=left.pk)
    assert list(later) == []


def test_a8_without_the_guard_what_had_begun_is_finished(rules, monkeypatch):
    monkeypatch.setattr(standing, "_guards", [])
    cast = make_cast()
    jonas = actor_for(cast.jonas)
    place = Membership.objects.get(user=cast.jonas)
    places.end_place(actor=actor_for(cast.ada), membership_id=place.pk)

    assert keep_registering(cast, jonas, "Aster", Event(), most=1) == 1


def remove(actor, user, start: Barrier) -> str:
    start.wait(30)
    try:
        place = Membership.objects.get(user=user)
        places.end_place(actor=actor, membership_id=place.pk)
    except (PermissionDenied, places.LastAdministrator) as refused:
        return type(refused).__name__
    finally:
        connection.close()
    return "removed"


def test_of_two_administrators_who_remove_each_other_one_stays(rules):
    cast = make_cast()
    nils = member("Nils", cast.alpha, PartnerRole.ADMIN)
    pairs = [(actor_for(cast.ada), nils), (actor_for(nils), cast.ada)]
    start = Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(remove, actor, user, start) for actor, user in pairs]
        told = sorted(job.result() for job in jobs)

    assert told in (["LastAdministrator", "removed"], ["PermissionDenied", "removed"])
    here = Membership.objects.filter(partner=cast.alpha, left_at__isnull=True)
    assert here.filter(roles__contains=["admin"]).count() == 1

"""Who was told what about the example's deals: the last days' news stand in the portal, and
no mail goes out about things that never happened."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from core.events import recorded, subscription
from core.models import Event, EventDelivery, Notification, OutgoingMail, QueueState

TOLD = dt.timedelta(days=10)
READ = dt.timedelta(days=3)


def tell_recent_news(deal_ids: Sequence[int], now: dt.datetime) -> None:
    """Lets the handlers hear the newest events now, dated back; older ones count as heard."""
    tell(Event.objects.filter(subject_type="dealreg.deal", subject_id__in=deal_ids), now)


def tell(events: QuerySet[Event], now: dt.datetime) -> None:
    """Has everybody hear these events as far as they are recent."""
    recent = events.filter(occurred_at__gt=now - TOLD)
    deliveries = EventDelivery.objects.filter(event__in=recent).select_related("event")
    for delivery in deliveries.order_by("event__occurred_at", "id"):
        heard = subscription(delivery.handler)
        if heard is not None:
            heard.handler(recorded(delivery.event))
    _date_back(recent, now)
    occurred = Event.objects.filter(pk=OuterRef("event")).values("occurred_at")
    EventDelivery.objects.filter(event__in=events).update(
        state=QueueState.DONE, attempts=1, finished_at=Subquery(occurred), last_error=""
    )


def tell_of_tiers(now: dt.datetime) -> None:
    """Has everybody told where the programme has put them, in the portal only."""
    events = Event.objects.filter(subject_type="partners.partner")
    waiting = EventDelivery.objects.filter(event__in=events, state=QueueState.WAITING)
    for delivery in waiting.select_related("event").order_by("id"):
        heard = subscription(delivery.handler)
        if heard is not None:
            heard.handler(recorded(delivery.event))
    told = list(waiting.values_list("event", flat=True).distinct())
    # People and values were there before everybody was looked at.
    ours = EventDelivery.objects.filter(handler__startswith="partners.")
    ours.filter(state=QueueState.WAITING).update(state=QueueState.DONE, attempts=1, finished_at=now)
    _keep_mail_back(told, now)


def hear_of_rows(now: dt.datetime) -> None:
    """Counts as heard which rows the example added: everything was scored with them there."""
    rows = EventDelivery.objects.filter(event__kind__startswith="core.row_")
    rows.filter(state=QueueState.WAITING).update(state=QueueState.DONE, attempts=1, finished_at=now)


def _date_back(recent: QuerySet[Event], now: dt.datetime) -> None:
    occurred = Event.objects.filter(pk=OuterRef("event")).values("occurred_at")
    news = Notification.objects.filter(event__in=recent)
    news.update(created_at=Subquery(occurred))
    news.filter(created_at__lt=now - READ).update(read_at=F("created_at") + dt.timedelta(hours=2))
    _keep_mail_back(recent.values_list("pk", flat=True), now)


def _keep_mail_back(event_ids: Iterable[int], now: dt.datetime) -> None:
    about = Q()
    for event_id in event_ids:
        about |= Q(once__startswith=f"notification:{event_id}:")
    if about:
        OutgoingMail.objects.filter(about).update(
            state=QueueState.DONE, attempts=1, finished_at=now
        )

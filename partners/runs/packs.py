"""The pack of a quarterly review: a PDF in one language, made by a worker as a row of work.

Nothing is fetched for it: the page is our own template, the style stands in it, and the one
picture is the vendor's logo from our own storage. What it shows is bounded, and so is the time
of the task that draws it.
"""

import time
from dataclasses import replace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core import queue
from core.actor import system
from core.branding import logo_picture
from core.events import record
from core.files import store_file
from core.models import QueueState, User
from core.queries import branding
from core.system_names import declare_name
from partners.events.reviews import PackMade
from partners.models import QuarterlyReview, ReviewPack
from partners.queries import todos
from partners.queries.figures import MeasureShown, figures_of
from partners.rules.plans import quarter_before, quarter_of
from partners.rules.reviews import agenda_items

PACE = queue.Pace(lease=queue.seconds(120)[0], pauses=queue.seconds(5, 60, 300))
LOGO = "brand:logo"
PACKS_NAME = declare_name(gettext_noop("Review packs"))
# What is drawn, not only listed.
DRAWN = ("sourced_revenue", "deals_registered", "deals_won")
MOST_TODOS = 40


class OutsideFetch(ValueError):
    """A pack asked for something that is not the portal's own."""


def work_due(*, seconds: float = 40.0) -> int:
    """Makes the packs that are due, for at most about so long; returns how many were made."""
    queue.park_spent(ReviewPack, PACE)
    deadline, made = time.monotonic() + seconds, 0
    while time.monotonic() < deadline:
        new = queue.claim_new(ReviewPack, 1, PACE)
        pack = new[0] if new else queue.claim_again(ReviewPack, PACE)
        if pack is None:
            break
        made += make(pack)
    return made


def make(pack: ReviewPack) -> bool:
    """Makes a claimed pack; False where it failed and is tried again, or was lost."""
    try:
        drawn = draw(pack)
        return keep(pack, drawn)
    except Exception as error:
        queue.fail(pack, f"{type(error).__name__}: {error}", PACE)
        return False


def draw(pack: ReviewPack) -> bytes:
    """The PDF. Each step is told at once, so that whoever waits sees it."""
    review = QuarterlyReview.objects.select_related("partner__tier").get(pk=pack.review_id)
    pack.of_version = review.version
    with translation.override(pack.language):
        context = contents(review)
        told(pack, 1)
        page = render_to_string("partners/pack.html", context)
        told(pack, 2)
        drawn = pdf_of(page)
        told(pack, 3)
    return drawn


def contents(review: QuarterlyReview) -> dict[str, Any]:
    """All that the pack shows, in the language in use."""
    figures = figures_of(review)
    reader = system(PACKS_NAME)
    rows = todos.todos_about(reader, review)[:MOST_TODOS]
    shared = [one for one in rows if one.shared]
    return {
        "review": review,
        "partner": review.partner,
        "branding": branding(),
        "logo": LOGO if logo_picture() else "",
        "figures": figures,
        "charts": [drawable(one, review) for one in figures.measures if one.name in DRAWN],
        "agenda": agenda_items(review.agenda),
        "participants": [str(one) for one in review.participants.order_by("name", "email")],
        "todos": [(one, *todos.state_shown(one)) for one in shared],
        "made_at": timezone.now(),
        "direction": "rtl" if translation.get_language_bidi() else "ltr",
        "language": translation.get_language(),
    }


def drawable(one: MeasureShown, review: QuarterlyReview) -> MeasureShown:
    """A measure whose chart can be drawn: from right to left its quarters are named in digits,
    since the letters of a drawing are not joined."""
    if not translation.get_language_bidi():
        return one
    quarters = [review.period]
    while len(quarters) < len(one.points):
        quarters.append(quarter_before(quarters[-1]))
    named = [
        replace(point, label=f"{quarter_of(quarter.first)}/{quarter.first.year}")
        for point, quarter in zip(one.points, reversed(quarters), strict=True)
    ]
    return replace(one, points=named)


def pdf_of(page: str) -> bytes:
    """The page as A4. Raises OutsideFetch through the drawing for every address but the logo."""
    # Needs system libraries that only workers have to have.
    from weasyprint import HTML  # noqa: PLC0415
    from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: PLC0415

    class OwnPictures(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:
            picture = logo_picture() if url == LOGO else None
            if picture is None:
                raise OutsideFetch(url)
            return URLFetcherResponse(url, body=picture, headers={"Content-Type": "image/png"})

    drawn: bytes = HTML(string=page, url_fetcher=OwnPictures()).write_pdf()
    return drawn


def told(pack: ReviewPack, step: int) -> None:
    """How far it is, also for others."""
    pack.done = step
    ReviewPack.objects.filter(pk=pack.pk, state=QueueState.RUNNING).update(done=step)


@transaction.atomic
def keep(pack: ReviewPack, drawn: bytes) -> bool:
    """Stores the file and ends the row in one transaction."""
    if not queue.hold(ReviewPack, [pack]):
        return False
    review = QuarterlyReview.objects.get(pk=pack.review_id)
    with translation.override(pack.language):
        name = f"{review.title} {_('review')}.pdf"
    actor = system(PACKS_NAME)
    upload = SimpleUploadedFile(name, drawn, content_type="application/pdf")
    pack.file = store_file(actor=actor, subject=review, upload=upload)
    pack.save(update_fields=["file", "of_version"])
    queue.finish([pack], done=pack.total)
    fact = PackMade(review.title, pack.language, pack.asked_by_id)
    record(fact, subject=review, actor=actor, partner_id=review.partner_id)
    return True


def asker(user_id: int | None) -> User | None:
    return User.objects.filter(pk=user_id or 0).first()

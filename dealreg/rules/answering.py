"""How long a registration that was sent back waits for its partner."""

import datetime as dt

ANSWER_DAYS = 21
# Days after the question on which the partner is reminded.
REMINDED_AFTER = (7, 18)


def answer_until(asked_at: dt.datetime) -> dt.datetime:
    """The moment at which what was not completed is withdrawn."""
    return asked_at + dt.timedelta(days=ANSWER_DAYS)


def reminders(asked_at: dt.datetime) -> dict[str, dt.datetime]:
    """When the partner is reminded, by the day's number."""
    return {str(days): asked_at + dt.timedelta(days=days) for days in REMINDED_AFTER}

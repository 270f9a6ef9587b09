"""The bells that beat rings."""

from typing import Any


def every(seconds: float, task: str) -> dict[str, Any]:
    """A bell rung by beat, which nobody need hear once the next one is due: so no pile of them
    waits for a worker that was away."""
    return {"task": task, "schedule": seconds, "options": {"expires": seconds}}


# Each of these only looks for due rows, so late, doubled or missed runs do no harm.
SCHEDULE: dict[str, Any] = {
    "deliver-events": every(5, "core.tasks.deliver_events"),
    "keep-appointments": every(5, "core.tasks.keep_appointments"),
    "send-mail": every(5, "core.tasks.send_mail"),
    "work-mail": every(5, "integrations.tasks.work_mail"),
    "read-mailbox": every(60, "integrations.tasks.read_mailbox"),
    "seal-events": every(20, "core.tasks.seal_events"),
    "replay-decisions": every(10, "dealreg.tasks.replay_decisions"),
    "make-packs": every(10, "partners.tasks.make_packs"),
    "recalculate-tiers": every(10, "partners.tasks.recalculate"),
    "score-partners": every(10, "partners.tasks.score"),
    "look-for-duplicates": every(60, "dealreg.tasks.look_for_duplicates"),
    "erase-old-leads": every(3600, "dealreg.tasks.erase_old_leads"),
    "look-for-like-partners": every(60, "partners.tasks.look_for_like_partners"),
    "sweep-files": every(3600, "core.tasks.sweep_files"),
    "work-imports": every(10, "core.tasks.work_imports"),
    "forget-calls": every(3600, "core.tasks.forget_calls"),
}

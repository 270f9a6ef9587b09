import time
import uuid

from core.uids import timed_uid


def test_a_timed_uid_is_a_version_7_uuid_of_this_moment():
    before = time.time_ns() // 1_000_000
    made = timed_uid()

    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert before <= made.int >> 80 <= time.time_ns() // 1_000_000


def test_timed_uids_are_ordered_by_their_moment_and_never_the_same():
    first = timed_uid()
    time.sleep(0.002)
    later = [timed_uid() for _ in range(1000)]

    assert all(first < one for one in later)
    assert len(set(later)) == 1000

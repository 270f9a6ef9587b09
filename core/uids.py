"""Unique names of rows that come in great numbers.

Random ones lie anywhere in their index, so that each new row touches, and writes to the log, a
page that nothing else needed. Those that begin with their time lie side by side.
"""

import os
import time
import uuid

RANDOM_BYTES = 10


def timed_uid() -> uuid.UUID:
    """A UUID of version 7 (RFC 9562): milliseconds since 1970, then 74 random bits. Python has
    its own from 3.14 on."""
    milliseconds = time.time_ns() // 1_000_000
    bits = milliseconds << 80 | int.from_bytes(os.urandom(RANDOM_BYTES))
    # Four bits say the version, two the variant.
    bits = bits & ~(0xF << 76) | 7 << 76
    return uuid.UUID(int=bits & ~(0b11 << 62) | 0b10 << 62)

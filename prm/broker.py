"""kombu's Redis transport, except that a lost connection is an error to recover from.

In kombu 5.7 a channel that is closed after its connection is gone, with a message not yet
acknowledged, fails with an AttributeError, which ends the worker. tests/faults/test_lost_redis.py
shows it.
"""

from typing import Any

from kombu.transport import redis
from redis.exceptions import ConnectionError as LostConnection


class Channel(redis.Channel):
    # Who is not acknowledged at the end is not put back: messages are bells, and beat rings.
    do_restore = False

    def _connparams(self, asynchronous: bool = False) -> Any:
        if self.connection is None or self.connection.client is None:
            raise LostConnection("The connection to Redis was closed.")
        return super()._connparams(asynchronous)  # type: ignore[no-untyped-call]


class Transport(redis.Transport):
    Channel = Channel

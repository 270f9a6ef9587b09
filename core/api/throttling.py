"""How often one caller may call. Counted in PostgreSQL, so it holds without Redis."""

from typing import TYPE_CHECKING

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from core import tokens
from core.models import ApiToken

if TYPE_CHECKING:
    from rest_framework.views import APIView  # loads the settings, which load this


class CallerThrottle(BaseThrottle):
    """API_CALLS_A_MINUTE for each token, and for each person in a browser."""

    seconds_left: float | None = None

    def allow_request(self, request: Request, view: "APIView") -> bool:
        if isinstance(request.auth, ApiToken):
            caller = f"token:{request.auth.pk}"
        elif request.user.is_authenticated:
            caller = f"user:{request.user.pk}"
        else:
            return True  # the permissions let nobody else in
        calls, self.seconds_left = tokens.count_call(caller)
        return calls <= settings.API_CALLS_A_MINUTE

    def wait(self) -> float | None:
        return self.seconds_left

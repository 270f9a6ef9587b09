"""Whether this process can serve. Liveness is the process, readiness its database."""

from django.db import DatabaseError, connection
from django.http import JsonResponse


def readiness() -> JsonResponse:
    """200 when the database answers, 503 with the part that does not. Redis is not asked:
    without it the portal still serves and nothing is lost."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"database": "unavailable"}, status=503)
    return JsonResponse({"database": "ok"})

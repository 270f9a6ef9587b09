"""The portal's addresses, and one whose answer costs no more than a row: S2's yardstick."""

from typing import Any

from django.db import connection
from django.urls import include, path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

TABLE = """
CREATE TABLE IF NOT EXISTS bench_one_row (
    id bigserial PRIMARY KEY, customer text NOT NULL, at timestamptz NOT NULL DEFAULT now()
)
"""


class OneRow(APIView):
    """Takes the same request from the same caller, inserts one row, answers with its id."""

    scopes = {"POST": "deals:write"}

    def post(self, request: Request) -> Response:
        body: Any = request.data
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO bench_one_row (customer) VALUES (%s) RETURNING id",
                [body["customer"]["name"]],
            )
            return Response({"id": cursor.fetchone()[0]}, status=201)


urlpatterns = [path("bench/one-row/", OneRow.as_view()), path("", include("prm.urls"))]

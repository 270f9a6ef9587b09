"""How a program says who it is."""

from rest_framework.authentication import BaseAuthentication
from rest_framework.authentication import SessionAuthentication as SessionAuthentication


class TokenAuthentication(BaseAuthentication):
    pass

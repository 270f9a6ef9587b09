from rest_framework.throttling import UserRateThrottle


class TokenThrottle(UserRateThrottle):
    scope = "token"

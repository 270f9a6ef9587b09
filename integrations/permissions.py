"""Who may see the connections in the back office."""

from core.permissions import grant, grant_one, operations

grant_one("integrations", operations)
grant("integrations", ["inboundmessage"], ["view"], operations)

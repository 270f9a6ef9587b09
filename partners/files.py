"""Who may download files of this app's things."""

from core.files import register_access
from partners.queries.reviews import may_download

register_access("partners.quarterlyreview", may_download)

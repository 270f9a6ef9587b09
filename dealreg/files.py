"""Who may download a deal's files: whoever may read the deal."""

from core.files import register_access
from dealreg.access import deal_for_reading

register_access("dealreg.deal", deal_for_reading)

"""Who may download files: a deal's whoever may read the deal, a side's in a conflict case that side
and the vendor's people."""

from core.files import register_access
from dealreg.access import deal_for_reading, side_for_reading

register_access("dealreg.deal", deal_for_reading)
register_access("dealreg.caseside", side_for_reading)

from partners.measures.registry import (
    EVERYBODY,
    Among,
    Measure,
    Unit,
    UnknownMeasure,
    all_measures,
    bound,
    measure_named,
    register,
    values,
    when_moved,
)
from partners.rules.periods import Period

__all__ = [
    "EVERYBODY",
    "Among",
    "Measure",
    "Period",
    "Unit",
    "UnknownMeasure",
    "all_measures",
    "bound",
    "measure_named",
    "register",
    "values",
    "when_moved",
]

from partners.measures.moves import Moves, all_moves, declare_moves
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
    "Moves",
    "Period",
    "Unit",
    "UnknownMeasure",
    "all_measures",
    "all_moves",
    "bound",
    "declare_moves",
    "measure_named",
    "register",
    "values",
    "when_moved",
]

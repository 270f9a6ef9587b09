"""What `manage.py fsck` checks: a registry that each app adds to in its checks.py.

    @check("dealreg.protections", "A protection belongs to an approved deal.")
    def protections() -> Iterator[Finding]:
        yield Finding("dealreg.protections", "Protection 12 has no deal.", rows=(12,))

A check only reads, in bounded memory, and yields nothing when all is well.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

Check = Callable[[], Iterator["Finding"]]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it must be. `rows` names the first few rows it is about."""

    check: str
    message: str
    rows: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class RegisteredCheck:
    """`deep` checks read more than rows (whole files) and run only when asked for."""

    name: str
    description: str
    run: Check
    deep: bool


_checks: dict[str, RegisteredCheck] = {}


def check(name: str, description: str, *, deep: bool = False) -> Callable[[Check], Check]:
    """Adds the function below to fsck as `name` ("app.thing")."""

    def add(run: Check) -> Check:
        if name in _checks:
            raise ValueError(f"The check {name} is declared twice.")
        _checks[name] = RegisteredCheck(name, description, run, deep)
        return run

    return add


def all_checks() -> list[RegisteredCheck]:
    return sorted(_checks.values(), key=lambda each: each.name)


def findings(*, only: Collection[str] = (), deep: bool = False) -> Iterator[Finding]:
    """What all checks find, one check after the other. `only` names checks to run; a deep
    check that is named there runs without `deep`."""
    for each in all_checks():
        if each.name in only if only else (deep or not each.deep):
            yield from each.run()

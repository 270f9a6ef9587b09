"""The features and stored policies that can be tried out with some partners first. Apps declare
theirs."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Feature:
    """`code` is kept with roll-outs, `label` is what operations read."""

    code: str
    label: Promise


@dataclass(frozen=True, slots=True)
class Policies:
    """Stored policies that can be tried out like a feature: the code of each is `prefix`, which
    ends with a colon, and its id. `choices` are those that operations may choose now, as (id,
    label); `name` says how one is called, "" for one that is not there; `scope` for which region (a
    path) and partner type one speaks, "" for all; `decided` whether one that has begun has decided
    something, which a draft has not."""

    prefix: str
    choices: Callable[[], list[tuple[int, str]]]
    name: Callable[[int], str]
    scope: Callable[[int], tuple[str, str]] = lambda _key: ("", "")
    decided: Callable[[int], bool] = lambda _key: True


FEATURES: dict[str, Feature] = {}
POLICIES: dict[str, Policies] = {}


def declare_feature(feature: Feature) -> Feature:
    """Called while apps start. Raises ValueError for a code that is taken."""
    if feature.code in FEATURES:
        raise ValueError(f"The feature {feature.code} is declared twice.")
    FEATURES[feature.code] = feature
    return feature


def declare_policies(policies: Policies) -> Policies:
    """Called while apps start. Raises ValueError for a prefix that is taken."""
    if policies.prefix in POLICIES:
        raise ValueError(f"The policies {policies.prefix} are declared twice.")
    POLICIES[policies.prefix] = policies
    return policies


def label_of(code: str) -> str:
    """How a feature or a policy is called; its code for what is not there any more."""
    feature = FEATURES.get(code)
    if feature is not None:
        return str(feature.label)
    prefix, colon, key = code.rpartition(":")
    policies = POLICIES.get(f"{prefix}{colon}")
    return (policies.name(int(key)) if policies and key.isdecimal() else "") or code


def feature_choices() -> list[tuple[str, Promise | str]]:
    """The features, then the stored policies of each kind. One query for each kind."""
    found: list[tuple[str, Promise | str]] = [
        (code, feature.label) for code, feature in sorted(FEATURES.items())
    ]
    for prefix, policies in sorted(POLICIES.items()):
        found += [(f"{prefix}{key}", label) for key, label in policies.choices()]
    return found

"""The features that can be tried out with some partners first. Apps declare theirs."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Feature:
    """`code` is kept with roll-outs, `label` is what operations read."""

    code: str
    label: Promise


FEATURES: dict[str, Feature] = {}


def declare_feature(feature: Feature) -> Feature:
    """Called while apps start. Raises ValueError for a code that is taken."""
    if feature.code in FEATURES:
        raise ValueError(f"The feature {feature.code} is declared twice.")
    FEATURES[feature.code] = feature
    return feature


def feature_choices() -> list[tuple[str, Promise]]:
    return [(code, feature.label) for code, feature in sorted(FEATURES.items())]

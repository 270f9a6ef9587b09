"""The product lines that are open for registration, as every registration asks for them."""

from core.kept import kept_until_changed
from dealreg.models import ProductLine


@kept_until_changed(ProductLine)
def open_lines() -> dict[int, ProductLine]:
    """By id. To be read, not to be changed: everybody gets the same ones."""
    return {line.pk: line for line in ProductLine.objects.filter(active=True)}


def open_line_called(code: str) -> ProductLine | None:
    return next((line for line in open_lines().values() if line.code == code), None)

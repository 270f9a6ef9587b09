"""How often tables that are read with every request, and seldom changed, were changed."""

from typing import ClassVar

from django.db import models


class TableVersion(models.Model):
    """A table's version, which a trigger makes a new one with each change (core/kept.py)."""

    table = models.CharField(max_length=63, primary_key=True)
    version = models.BigIntegerField()

    class Meta:
        default_permissions: ClassVar[tuple[str, ...]] = ()

    def __str__(self) -> str:
        return f"{self.table} {self.version}"

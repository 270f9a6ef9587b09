"""How static files are stored for serving."""

from collections.abc import Iterable

from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]

# The viewers of the API's description are megabytes of script that a handful of developers
# open; compressing them took a minute of every set-up.
NOT_COMPRESSED = ("drf_spectacular_sidecar/",)


class HashedCompressedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # it has no types
    """Files under names that change with their content, compressed beforehand."""

    keep_only_hashed_files = True

    def compress_files(self, paths: Iterable[str]) -> Iterable[tuple[str, str]]:
        worth_it = [path for path in paths if not path.startswith(NOT_COMPRESSED)]
        compressed: Iterable[tuple[str, str]] = super().compress_files(worth_it)
        return compressed

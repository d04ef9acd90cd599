"""Which release this is. It stands in one place, pyproject.toml; an installation carries it in its metadata."""

from __future__ import annotations

from pathlib import Path

_PROJECT = Path(__file__).parents[2] / "pyproject.toml"


def version() -> str:
    """E.g. "0.1.0". Run from its source the source decides, whatever else is installed; "unknown" without either."""
    if _PROJECT.is_file():
        import tomllib

        return str(tomllib.loads(_PROJECT.read_text())["project"]["version"])
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed("anjungan")
    except PackageNotFoundError:
        return "unknown"

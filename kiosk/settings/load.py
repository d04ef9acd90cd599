"""Check settings with pydantic-settings: TOML file, then environment on top; unknown keys are refused.

Only short commands import this (it costs 0.5 s). Others use `kiosk.settings.resolve`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Annotated, Any, cast, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from kiosk.settings.codec import from_dict
from kiosk.settings.model import Settings
from kiosk.settings.resolve import PREFIX, SettingsError


def load(path: Path | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """Read and check all settings.

    `path` is the TOML file (None: defaults and environment only). `environ` replaces `os.environ` for this call; keys
    look like `KIOSK__WINDOW__WIDTH`. Raises `SettingsError` with one line per wrong setting; values are not repeated,
    so a secret pasted into the wrong place does not reach the log.
    """
    environ = os.environ if environ is None else environ
    if path is not None and not path.is_file():
        raise SettingsError([f"{path}: no such file"])
    unknown = [f"{key}: no such setting" for key in environ if key.startswith(PREFIX) and not _known(key)]
    if unknown:
        raise SettingsError(unknown)

    root = _model(Settings)

    class Checked(root, BaseSettings):  # pyright: ignore[reportGeneralTypeIssues, reportUntypedBaseClass]
        model_config = SettingsConfigDict(env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid")

        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            *_: Any,
            env_settings: PydanticBaseSettingsSource,
            **__: Any,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            file = () if path is None else (TomlConfigSettingsSource(settings_cls, path),)
            return (env_settings, *file)

    before = dict(os.environ)
    if environ is not os.environ:
        os.environ.clear()
        os.environ.update(environ)
    try:
        checked = cast(BaseModel, Checked())
    except ValidationError as error:
        raise SettingsError([_sentence(item) for item in error.errors(include_input=False)]) from None
    except ValueError as error:  # TOML that does not parse, JSON in an environment value that does not
        raise SettingsError([f"{path or 'environment'}: {type(error).__name__}: {error}"]) from None
    finally:
        if environ is not os.environ:
            os.environ.clear()
            os.environ.update(before)
    return from_dict(Settings, checked.model_dump())


def as_toml(settings: Settings | None = None) -> str:
    """The settings as a TOML file that `load` reads; None: an example with every default commented out."""
    lines = [
        "# Settings of an Anjungan kiosk."
        + ("" if settings else " Every line shows a default; remove the # to change it."),
        "# The environment comes on top: KIOSK__WINDOW__FULLSCREEN=false. Secrets are files or systemd credentials.",
    ]
    _describe(settings or Settings(), "", lines, example=settings is None)
    return "\n".join(lines) + "\n"


def _known(key: str) -> bool:
    name = key[len(PREFIX) :].split("__")[0].lower()
    return name in {item.name for item in fields(Settings)}


def _sentence(error: Mapping[str, Any]) -> str:
    where = ".".join(str(part) for part in error["loc"])
    what = "no such setting" if error["type"] == "extra_forbidden" else error["msg"]
    return f"{where}: {what}"


def _model(kind: type[Any]) -> type[BaseModel]:
    hints = get_type_hints(kind)
    wanted: dict[str, Any] = {}
    for item in fields(kind):
        hint = hints[item.name]
        limits = dict(item.metadata["limits"])
        if is_dataclass(hint):
            inner = _model(cast(type[Any], hint))
            wanted[item.name] = (
                inner,
                Field(default_factory=inner, description=item.metadata["description"]),
            )
            continue
        if get_origin(hint) is tuple:  # limits are those of each entry
            hint, limits = tuple[Annotated[get_args(hint)[0], Field(**limits)], ...], {}
        wanted[item.name] = (
            hint,
            Field(default=item.default, description=item.metadata["description"], **limits),
        )
    return create_model(kind.__name__, __config__=ConfigDict(extra="forbid"), **wanted)


def _describe(values: Any, prefix: str, lines: list[str], *, example: bool) -> None:
    inner: list[tuple[str, Any, str]] = []
    for item in fields(values):
        value = getattr(values, item.name)
        text = item.metadata["description"]
        if is_dataclass(value):
            inner.append((f"{prefix}{item.name}", value, text))
            continue
        off = "# " if example or value is None else ""
        lines += [f"# {text}", f"{off}{item.name} = {_toml(value)}"]
    for name, value, text in inner:
        lines += ["", f"# {text}", f"[{name}]"]
        _describe(value, f"{name}.", lines, example=example)


def _toml(value: Any) -> str:
    if value is None:
        return '"…"'
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, tuple):
        return "[" + ", ".join(_toml(part) for part in cast("tuple[Any, ...]", value)) + "]"
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'

"""The settings of one source: where it is, and how its rows become records (the mapping language)."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from config_errors import hint, problem
from domain.records import RECORDS, RecordField

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def seconds_of(duration: str) -> int:
    """Seconds of a duration such as "60s", "5m", "1h" or "1d". Raises ValueError."""
    found = re.fullmatch(r"([1-9]\d*)([smhd])", duration)
    if not found:
        raise ValueError(f'\'{duration}\' is not a duration; write a number with s, m, h or d, like "60s" or "5m"')
    return int(found[1]) * SECONDS[found[2]]


def _duration(text: str) -> str:
    try:
        seconds_of(text)
    except ValueError as error:
        raise problem(str(error)) from None
    return text


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise problem(f"'{name}' is not a time zone" + hint(name, available_timezones())) from None
    return name


Duration = Annotated[str, AfterValidator(_duration)]
Zone = Annotated[str, AfterValidator(_zone)]
Scalar = bool | int | float | str | datetime | date


class Frozen(BaseModel):
    """Read once, never changed; a key nobody knows is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class FieldSpec(Frozen):
    """How one record field is taken from a row: exactly one of column, columns, value, geometry, unfold."""

    column: str | None = None
    columns: tuple[str, ...] | None = None
    join: str = "-"
    value: Scalar | None = None
    geometry: Literal[True] | None = None
    unfold: Literal["name", "value"] | None = None
    values: dict[str, Scalar] | None = None
    default: Scalar | None = None
    format: str | tuple[str, ...] | None = None
    scale: float | None = None
    missing: tuple[Scalar, ...] | None = None

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, given: Any) -> Any:
        if not isinstance(given, str | dict | FieldSpec):
            raise problem(f'{given!r} is not right; write a column\'s name or a table such as {{ column = "A" }}')
        return {"column": given} if isinstance(given, str) else given

    @model_validator(mode="after")
    def _one_origin(self) -> "FieldSpec":
        named = [each for each in ORIGINS if getattr(self, each) is not None]
        if len(named) != 1:
            given = " and ".join(named) or "none"
            raise problem(f"name exactly one of {', '.join(ORIGINS)} (given: {given})")
        if self.default is not None and self.values is None:
            raise problem("goes only with a table of values", "default")
        if self.columns == ():
            raise problem("names no column", "columns")
        return self

    @property
    def formats(self) -> tuple[str, ...]:
        """The formats to try, in order."""
        return (self.format,) if isinstance(self.format, str) else self.format or ()

    def named_columns(self) -> tuple[str, ...]:
        """The source columns that this field reads (paths into nested JSON as written)."""
        return (self.column,) if self.column is not None else self.columns or ()


ORIGINS = ("column", "columns", "value", "geometry", "unfold")


class Rules(Frozen):
    """What counts as a bad row here. "keep" switches a rule off."""

    null_island: Literal["no place", "quarantine", "keep"] = "no place"
    closed_before_reported: Literal["quarantine", "keep"] = "quarantine"
    closed_without_date: Literal["quarantine", "updated", "keep"] = "quarantine"
    future: Literal["quarantine", "keep"] = "quarantine"
    missing_values: tuple[Scalar, ...] = ("",)


class Pins(Frozen):
    """Known default points (longitude, latitude): kept and counted, but off the map."""

    points: tuple[tuple[float, float], ...] = ()


class Unfold(Frozen):
    """Columns of a wide table: one record for each (row, column)."""

    columns: tuple[str, ...] = Field(min_length=1)


class SourceSettings(Frozen):
    """One source: a connector with its options, and how its rows become records."""

    name: str = Field(min_length=1)
    connector: str
    record: Literal["case", "rating", "sensor", "reading", "camera", "layer"]
    every: Duration = "60s"
    timezone: Zone = "Asia/Shanghai"
    crs: str = "EPSG:4326"
    ambiguous: Literal["first", "second", "quarantine"] = "first"
    options: dict[str, Any] = Field(default_factory=dict)
    fields: dict[str, FieldSpec] = Field(default_factory=dict)
    rules: Rules = Rules()
    pins: Pins = Pins()
    unfold: Unfold | None = None

    @property
    def every_seconds(self) -> int:
        """How often the source is read, in seconds."""
        return seconds_of(self.every)

    @property
    def taken_as(self) -> str:
        """The record that the store takes: of a service that draws layers (visuals.*), its list of layers."""
        return "overlay" if self.connector.startswith("visuals.") else self.record

    @model_validator(mode="after")
    def _fields_fit_the_record(self) -> "SourceSettings":
        for error in _field_problems(self, RECORDS[self.taken_as]) if self.fields else ():
            raise error
        return self


def _field_problems(source: SourceSettings, known: dict[str, RecordField]) -> Iterator[Exception]:
    for name in source.fields:
        if name not in known:
            yield problem(f"a {source.record} has no such field" + hint(name, known), "fields", name)
    for name, spec in source.fields.items():
        yield from _spec_problems(source, name, spec, known[name])
    if ("longitude" in source.fields) != ("latitude" in source.fields):
        yield problem("longitude and latitude go together", "fields")
    if "point" in source.fields and "longitude" in source.fields:
        yield problem("give either point or longitude and latitude", "fields", "point")


def _spec_problems(source: SourceSettings, name: str, spec: FieldSpec, field: RecordField) -> Iterator[Exception]:
    at = ("fields", name)
    if (spec.unfold or "@unfold" in spec.named_columns()) and source.unfold is None:
        yield problem("needs [sources.unfold] with the columns to unfold", *at)
    if spec.geometry and field.kind not in ("point", "geometry"):
        yield problem("a geometry fits only a point or a layer's geometry", *at, "geometry")
    if spec.scale is not None and field.kind != "number":
        yield problem("goes only with a number", *at, "scale")
    if spec.format is not None and field.kind not in ("time", "point"):
        yield problem("goes only with a time or a point", *at, "format")
    if field.kind == "point" and not spec.geometry and not spec.formats:
        yield problem('needs a format such as "(lat, lon)", or geometry = true', *at)
    if field.kind == "choice":
        yield from _choice_problems(at, spec, field.allowed)


def _choice_problems(at: tuple[str, ...], spec: FieldSpec, allowed: tuple[str, ...]) -> Iterator[Exception]:
    named: list[tuple[tuple[str, ...], Scalar]] = [
        (("values", key), value) for key, value in (spec.values or {}).items()
    ]
    if spec.default not in (None, "quarantine"):
        named.append((("default",), spec.default))
    if spec.value is not None and spec.values is None:
        named.append((("value",), spec.value))
    for below, value in named:
        if value not in allowed:
            yield problem(f"'{value}' is not allowed{hint(str(value), allowed)}", *at, *below)

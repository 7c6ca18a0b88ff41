"""Turns what is wrong with a configuration into one line that a person can act on."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

Model = TypeVar("Model", bound=BaseModel)

# A typo makes both an unknown key and a missing one: the unknown key is the cause.
FIRST = {"extra_forbidden": 0, "problem": 1, "missing": 3}


class ConfigError(Exception):
    """A setting is wrong. str() is one clear line: what, where, what to do."""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like `word`, whatever its case; None when nothing comes near."""
    by_folded = {each.casefold(): each for each in known}
    found = get_close_matches(word.casefold(), list(by_folded), n=1, cutoff=0.5)
    return by_folded[found[0]] if found else None


def hint(word: str, known: Iterable[str]) -> str:
    """Say which word was meant: "; did you mean 'x'?", or "; known: a, b" when nothing comes near."""
    known = list(known)
    near = nearest(word, known)
    if near:
        return f"; did you mean '{near}'?"
    return f"; known: {', '.join(known)}" if known else ""


def advise(what: str, todo: str) -> str:
    """Two sentences in one line: what is wrong, and what to do."""
    return f"{what}{'' if what.endswith('?') else '.'} {todo}"


def problem(message: str, *at: str) -> PydanticCustomError:
    """An error for a validator to raise: `message` about the key at path `at` below the model."""
    return PydanticCustomError("problem", "{message}", {"message": message, "at": at})


def read_model(model: type[Model], data: Mapping[str, Any], where: str = "") -> Model:
    """Validate data as model. Raises ConfigError, one line that starts with the key's full path below `where`."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        worst = min(error.errors(include_url=False), key=lambda each: FIRST.get(each["type"], 2))
        raise ConfigError(_line(model, data, where, worst)) from error


def _line(model: type[BaseModel], data: Any, where: str, error: ErrorDetails) -> str:
    at = (*error["loc"], *error.get("ctx", {}).get("at", ()))
    path = ".".join(part for part in (where, *_names(at, data)) if part)
    return f"{path}: {_what(model, error)}"


def _names(at: Iterable[Any], data: Any) -> Iterable[str]:
    """The path in words: a table in a list goes by its name or level, so that people find it."""
    for part in at:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            data = None
        if isinstance(part, int):
            named = data.get("name") or data.get("level") if isinstance(data, Mapping) else None
            yield str(named or f"#{part + 1}")
        elif part != "[key]":
            yield str(part)


def _what(model: type[BaseModel], error: ErrorDetails) -> str:
    kind, given = error["type"], error["input"]
    if kind == "extra_forbidden":
        return "unknown key" + hint(str(error["loc"][-1]), _keys(model, error["loc"][:-1]))
    if kind == "missing":
        return "is missing"
    if kind == "problem":
        return error["msg"]
    if kind == "literal_error":
        return f"{given!r} is not allowed; write {error['ctx']['expected']}"
    return f"{given!r} is not right: {error['msg'][:1].lower()}{error['msg'][1:]}"


def _keys(model: type[BaseModel] | None, path: Iterable[Any]) -> list[str]:
    """The keys that the model at `path` below `model` knows."""
    for part in path:
        field = model.model_fields.get(part) if model and isinstance(part, str) else None
        if field is not None:
            model = _model_in(field.annotation)
    return list(model.model_fields) if model else []


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for arg in get_args(annotation) if (found := _model_in(arg))), None)

"""What a move asks for: each field with its kind and limits. Texts are message ids."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from domain.lifecycle import Move
from domain.measures import N_
from domain.refusal import Refused

MOST_TEXT = 2_000
MOST_PHOTOS = 9


@dataclass(frozen=True)
class Field:
    """kind: text | choice | number | date (epoch seconds) | flag | photos (ids) | case (number of a case) | category |
    condition | department | departments | person (login) | place | task. choices: value → message id.
    """

    name: str
    label: str
    kind: str
    choices: tuple[tuple[str, str], ...] = ()
    low: float = 0
    high: float = 0


FIELDS: dict[str, Field] = {
    field.name: field
    for field in (
        Field("category", N_("Category"), "category"),
        Field("text", N_("Description"), "text"),
        Field("title", N_("Title"), "text"),
        Field("order_no", N_("12345 order number"), "text"),
        Field("place", N_("Place"), "place"),
        Field("photos", N_("Photos"), "photos"),
        Field("before", N_("Photos before"), "photos"),
        Field("after", N_("Photos after"), "photos"),
        Field("note", N_("Note"), "text"),
        Field("reason", N_("Reason"), "text"),
        Field("result", N_("Result"), "text"),
        Field("finding", N_("What was found"), "choice", (
            ("exists", N_("The problem exists")), ("absent", N_("The problem does not exist")), ("unclear", N_("It cannot be told")),
        )),
        Field("passed", N_("Verification"), "choice", (("yes", N_("Passed")), ("no", N_("Not passed")))),
        Field("main", N_("Number of the main case"), "case"),
        Field("condition", N_("Condition of registration"), "condition"),
        Field("close_condition", N_("Condition of closing"), "text"),
        Field("department", N_("Responsible department"), "department"),
        Field("departments", N_("Departments"), "departments"),
        Field("handler", N_("Person in charge"), "person"),
        Field("until", N_("On hold until"), "date"),
        Field("hours", N_("Hours to arrive within"), "number", low=0.5, high=240),
        Field("task", N_("Summoned department"), "task"),
        Field("score", N_("Score (1 to 5)"), "number", low=1, high=5),
        Field("reached", N_("The reporter was reached"), "choice", (("yes", N_("Yes")), ("no", N_("No")))),
        Field("contacted", N_("The department had contacted the reporter"), "choice", (("yes", N_("Yes")), ("no", N_("No")))),
        Field("resolved", N_("The problem is solved"), "choice", (("yes", N_("Yes")), ("no", N_("No")))),
        Field("level", N_("Satisfaction"), "choice", (
            ("satisfied", N_("Satisfied")), ("basically", N_("Basically satisfied")), ("dissatisfied", N_("Dissatisfied")),
        )),
    )
}  # fmt: skip


def cleaned(move: Move, given: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a move as its effect takes them: text stripped, numbers as such, empty ones left out.

    Raises Refused: missing (a required field is empty), invalid (a value does not fit). Fields that the move does not know
    are an error too: nothing that somebody filled in is dropped in silence.
    """
    known = {*move.asks, *move.may}
    for name in given:
        if name not in known:
            raise Refused("invalid", N_("There is no field “{field}” in this step."), field=name)
    found = {
        name: value for name in (*move.asks, *move.may) if (value := _value(FIELDS[name], given.get(name))) is not None
    }
    for name in move.asks:
        if name not in found:
            raise Refused("missing", N_("Please fill in: {field}."), field=FIELDS[name].label)
    return found


def _value(field: Field, raw: Any) -> Any:
    if raw is None or raw in ("", [], {}):
        return None
    try:
        return _READ.get(field.kind, _word)(field, raw)
    except (TypeError, ValueError, OverflowError) as error:
        raise Refused("invalid", N_("This does not fit the field {field}."), field=field.label) from error


def _text(_field: Field, raw: Any) -> str | None:
    text = _word(_field, raw)
    if text is not None and len(text) > MOST_TEXT:
        raise ValueError
    return text


def _word(_field: Field, raw: Any) -> str | None:
    if not isinstance(raw, str):
        raise TypeError
    raw.encode()  # a half of a surrogate pair is no text; UnicodeEncodeError is a ValueError
    if any(ord(c) < 32 and c not in "\n\t" for c in raw.replace("\r\n", "\n")):
        raise ValueError
    return raw.replace("\r\n", "\n").strip() or None


def _choice(field: Field, raw: Any) -> str:
    if raw not in dict(field.choices):
        raise ValueError
    return str(raw)


def _number(field: Field, raw: Any) -> float:
    value = float(raw)
    if not field.low <= value <= field.high:
        raise ValueError
    return value


def _whole(_field: Field, raw: Any) -> int:
    if isinstance(raw, bool) or not -(1 << 53) < int(raw) < 1 << 53:
        raise ValueError
    return int(raw)


def _ids(_field: Field, raw: Any) -> tuple[int, ...]:
    if not isinstance(raw, list | tuple) or len(raw) > MOST_PHOTOS:
        raise ValueError
    return tuple(dict.fromkeys(_whole(_field, each) for each in raw))


def _words(field: Field, raw: Any) -> tuple[str, ...]:
    if not isinstance(raw, list | tuple) or len(raw) > 20:
        raise ValueError
    return tuple(dict.fromkeys(word for each in raw if (word := _word(field, each)))) or None  # type: ignore[return-value]


def _as_given(_field: Field, raw: Any) -> Any:
    return raw


_READ: dict[str, Callable[[Field, Any], Any]] = {
    "text": _text, "choice": _choice, "number": _number, "date": _whole, "photos": _ids, "task": _whole,
    "departments": _words, "place": _as_given,
}  # fmt: skip

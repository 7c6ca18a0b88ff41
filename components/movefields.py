"""What a step asks for, as fields to fill in. What Dash has no element for is made in the browser (assets/work.js)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dash import html

from components.attributes import attributes
from components.words import _
from domain.fields import MOST_TEXT, Field

Option = tuple[str, str]
Options = Mapping[str, Sequence[Option]]
"""Kind of field → the values to choose from, each with its text."""


def field_input(field: Field, options: Options, *, required: bool) -> html.Div:
    """A field with its label. options: those of the kinds that the store knows (department, condition, person …)."""
    mark = [] if required else [html.Small(_("optional"), className="gh-quiet")]
    label = html.Span([_(field.label), *mark], className="gh-field-label")
    return html.Div(
        _DRAWN.get(field.kind, _line)(field, options, label, required), className=f"gh-field gh-field-{field.kind}"
    )


def made_input(name: str, kind: str, *, required: bool = False, **more: str) -> html.Span:
    """The place of an <input type=kind>, which the browser makes there. more: its further attributes."""
    needed = {"data_required": "true"} if required else {}
    return html.Span(className="gh-made", **attributes(data_name=name, data_type=kind, **needed, **more))


def select_input(name: str, choices: Sequence[Option], *, required: bool = False) -> html.Select:
    """A choice that begins with nothing chosen."""
    empty = html.Option(_("Please choose"), value="")
    every = [empty, *(html.Option(text, value=value) for value, text in choices)]
    return html.Select(every, name=name, **(attributes(required="required") if required else {}))


def _text(field: Field, _options: Options, label: html.Span, required: bool) -> html.Label:  # noqa: FBT001
    words = attributes(required="required") if required else {}
    return html.Label([label, html.Textarea(name=field.name, rows=3, maxLength=MOST_TEXT, **words)])


def _line(field: Field, _options: Options, label: html.Span, required: bool) -> html.Label:  # noqa: FBT001
    return html.Label([label, made_input(field.name, "text", required=required)])


def _date(field: Field, _options: Options, label: html.Span, required: bool) -> html.Label:  # noqa: FBT001
    return html.Label([label, made_input(field.name, "date", required=required)])


def _number(field: Field, _options: Options, label: html.Span, required: bool) -> html.Label:  # noqa: FBT001
    span = {"data_min": f"{field.low:g}", "data_max": f"{field.high:g}", "data_step": "0.5" if field.low % 1 else "1"}
    return html.Label([label, made_input(field.name, "number", required=required, **span)])


def _choice(field: Field, options: Options, label: html.Span, required: bool) -> html.Label:  # noqa: FBT001
    choices = [(value, _(text)) for value, text in field.choices] or options.get(field.kind, ())
    if not choices:
        return _line(field, options, label, required)
    return html.Label([label, select_input(field.name, choices, required=required)])


def _several(field: Field, options: Options, label: html.Span, _required: bool) -> html.Fieldset:  # noqa: FBT001
    boxes = [
        html.Label([made_input(field.name, "checkbox", data_value=value), html.Span(text)], className="gh-check")
        for value, text in options.get("department", ())
    ]
    return html.Fieldset([html.Legend(label), *boxes])


def _photos(field: Field, _options: Options, label: html.Span, required: bool) -> html.Div:  # noqa: FBT001
    return html.Div([label, photos_input(field.name, _(field.label), required=required)])


def _case(field: Field, options: Options, label: html.Span, required: bool) -> html.Div:  # noqa: FBT001
    """The number of a case; similar ones near it fill it in when they are pressed."""
    known = [
        html.Button(
            text, type="button", className="gh-suggestion", **attributes(data_fill=field.name, data_value=value)
        )
        for value, text in options.get("case", ())
    ]
    listed = [html.Div([html.Small(_("Similar cases"), className="gh-quiet"), *known], className="gh-suggestions")]
    return html.Div(
        [html.Label([label, made_input(field.name, "text", required=required)]), *(listed if known else [])]
    )


def photos_input(name: str, label: str, *, required: bool = False) -> html.Div:
    """The place of a choice of photos: sent as they are chosen, shown small, each can be taken back."""
    words = {
        "data_name": name, "data_label": label, "data_add": _("Add photos"), "data_remove": _("Remove this photo"),
        "data_failed": _("A photo could not be sent. Choose it again."), "data_sending": _("Sending …"),
    }  # fmt: skip
    return html.Div(
        className="gh-photos-input", **attributes(**words, **({"data_required": "true"} if required else {}))
    )


_DRAWN: dict[str, Callable[[Field, Options, html.Span, bool], Any]] = {
    "text": _text, "choice": _choice, "number": _number, "date": _date, "photos": _photos, "case": _case,
    "departments": _several, "category": _choice, "condition": _choice, "department": _choice, "person": _choice,
    "task": _choice,
}  # fmt: skip
"""Kind of field → how it is drawn; a kind that is not here is a line of text."""

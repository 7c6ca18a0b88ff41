"""Reading the fields of a form."""

from starlette.datastructures import FormData


def text_of(form: FormData, name: str) -> str:
    """The text of a field; nothing for one that is missing or a file."""
    value = form.get(name)
    return value if isinstance(value, str) else ""


def texts_of(form: FormData, name: str) -> list[str]:
    """The texts of a field that may be given several times."""
    return [value for value in form.getlist(name) if isinstance(value, str)]

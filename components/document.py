"""The HTML around the application: language, tokens, and the theme chosen before anything is painted."""

from components.theme import LIGHT, stylesheet
from components.words import language

_DOCUMENT = """<!DOCTYPE html>
<html lang="{lang}" data-mantine-color-scheme="light">
<head>
{{%metas%}}
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{%title%}}</title>
<link rel="icon" href="{icon}">
<style>{tokens}</style>
<script src="{scheme}"></script>
{{%css%}}
</head>
<body>
{{%app_entry%}}
<footer>
{{%config%}}
{{%scripts%}}
{{%renderer%}}
</footer>
</body>
</html>
"""


_ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E"
    "%3Cpath fill='{accent}' d='M1 1h6v6H1zM9 9h6v6H9z'/%3E%3Cpath fill='{quiet}' d='M9 1h6v6H9zM1 9h6v6H1z'/%3E%3C/svg%3E"
)


def icon() -> str:
    """The product's sign, as an address that holds the picture itself."""
    return _ICON.format(accent=LIGHT.accent.replace("#", "%23"), quiet=LIGHT.line_strong.replace("#", "%23"))


def document(scheme_script: str) -> str:
    """Dash's index string. scheme_script: address of the script that sets the remembered theme, run before painting."""
    return _DOCUMENT.format(lang=language().replace("_", "-"), tokens=stylesheet(), scheme=scheme_script, icon=icon())

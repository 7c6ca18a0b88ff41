"""The HTML around the application: language, tokens, and the theme chosen before anything is painted."""

from components.theme import stylesheet
from components.words import language

_DOCUMENT = """<!DOCTYPE html>
<html lang="{lang}" data-mantine-color-scheme="light">
<head>
{{%metas%}}
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{%title%}}</title>
{{%favicon%}}
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


def document(scheme_script: str) -> str:
    """Dash's index string. scheme_script: address of the script that sets the remembered theme, run before painting."""
    return _DOCUMENT.format(lang=language().replace("_", "-"), tokens=stylesheet(), scheme=scheme_script)

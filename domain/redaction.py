"""What of an address may stand in a log: no secret of its query, no code of its path."""

from urllib.parse import parse_qsl, quote

SECRETS = frozenset({"token", "code", "key", "api_key", "apikey", "password", "secret", "signature", "jwt", "otp"})
"""Names of query fields whose values nobody reads in a log."""

PERSONAL = frozenset(
    {
        "first_name",
        "last_name",
        "email",
        "phone",
        "name",
        "q",
        "device_id",
        "account_id",
        "address_string",
        "description",
    }
)
"""Names of query fields that may say who somebody is."""

GONE = "…"
CODED = ("/track", "/p", "/rate", "/public/photos")
"""Paths whose next part is a code that opens something."""

MOST = 300


def shown_path(path: str) -> str:
    """The path without codes, escaped so that it is one line."""
    for start in CODED:
        if path.startswith(f"{start}/"):
            return f"{start}/{GONE}"
    return quote(path, safe="/…-._~", errors="replace")[:MOST]


def shown_query(query: str) -> str:
    """The query with the values of secret and personal fields left out."""
    pairs = parse_qsl(query[: 4 * MOST], keep_blank_values=True, errors="replace")
    told = (f"{_plain(name)}={GONE if _hides(name) else _plain(value)}" for name, value in pairs)
    return "&".join(told)[:MOST]


def _plain(text: str) -> str:
    return quote(text, safe="/:.,-_~", errors="replace")


def _hides(name: str) -> bool:
    plain = name.casefold().strip()
    return plain in SECRETS or plain in PERSONAL or any(part in SECRETS for part in plain.split("_"))

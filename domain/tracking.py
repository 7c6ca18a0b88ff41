"""The code with which who reported a matter looks at it, and the one-time form that it is made from."""

import unicodedata

from domain.secrets import mac

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without 0 and O, 1, I and L, U: characters that people take for each other on paper and on the telephone."""
LENGTH, GROUP = 12, 4
"""30¹² codes: at a million open ones, a guess a millisecond finds one in sixteen years."""

CHANCE_BYTES = 16


def new_form(secret: bytes, chance: bytes, now: int) -> str:
    """A token that one report may be made with; chance: CHANCE_BYTES random bytes."""
    body = f"{now}.{chance.hex()}"
    return f"{body}.{mac(secret, 'form of a report', body)[:32]}"


def is_form(secret: bytes, token: str, *, now: int, seconds: int) -> bool:
    """Whether a token was given out here, in the last `seconds`."""
    body, _dot, mark = token.rpartition(".")
    made = body.partition(".")[0]
    if not (made.isascii() and made.isdigit() and len(made) < 13 and token.isascii()):
        return False
    return mark == mac(secret, "form of a report", body)[:32] and now - seconds <= int(made) <= now + 60


def code_of(secret: bytes, token: str) -> str:
    """The code of the report that a form makes: the same form gives the same code, and nobody else can tell it."""
    number, code = int(mac(secret, "code of a report", token), 16), ""
    for _position in range(LENGTH):
        number, index = divmod(number, len(ALPHABET))
        code += ALPHABET[index]
    return code


def code_mac(secret: bytes, code: str) -> str:
    """What the store keeps of a code."""
    return mac(secret, "kept code of a report", code)


def cleaned(text: str) -> str:
    """A code as people type it (small letters, wide characters, spaces, hyphens), or "" for what can be none."""
    plain = "".join(c for c in unicodedata.normalize("NFKC", text[:64]).upper() if c not in " -\u2010\u2013\u2014")
    return plain if len(plain) == LENGTH and set(plain) <= set(ALPHABET) else ""


def grouped(code: str) -> str:
    """A code as it is shown: K7M4-9PQX-2TRW."""
    return "-".join(code[i : i + GROUP] for i in range(0, LENGTH, GROUP))

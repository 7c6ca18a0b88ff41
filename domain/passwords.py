"""What a password must be. The numbers are the house's own; GB/T 22239 asks for complexity and names none."""

import secrets

SHORTEST, LONGEST, KINDS = 10, 200, 2
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Of a password that we make: nothing that is mistaken for another when it is read aloud."""

_IS_KIND = (str.islower, str.isupper, str.isdigit, lambda letter: not letter.isalnum())


def is_good(password: str, login: str) -> bool:
    """Whether it has 10 to 200 characters of two kinds (small, capital, digit, other) and does not hold the login."""
    kinds = sum(any(map(is_kind, password)) for is_kind in _IS_KIND)
    return SHORTEST <= len(password) <= LONGEST and kinds >= KINDS and login.casefold() not in password.casefold()


def made() -> str:
    """A random password, shown once: four groups of four, about 79 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _letter in range(4)) for _group in range(4))

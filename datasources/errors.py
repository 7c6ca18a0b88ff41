"""The three errors a connector may raise; the name says what to do next."""


class SourceError(Exception):
    """A source could not be read. str() is one clear line: what, where, what to do."""


class TemporaryError(SourceError):
    """Try again later: an outage, a time-out, a file that is not there yet.

    retry_after_seconds: how long the source asked to be left alone, None where it did not say.
    """

    def __init__(self, message: str, retry_after_seconds: int | None = None) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class AuthenticationError(SourceError):
    """The source refuses us: a person has to change a key, a password or a permission."""


class BadDataError(SourceError):
    """The source answers, but not as its configuration says: a person has to mend one of the two."""

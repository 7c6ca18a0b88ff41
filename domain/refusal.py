"""A no that people read: one clear sentence, and nothing changed."""


class Refused(Exception):  # noqa: N818  a no is an answer, not a fault
    """kind: absent | forbidden | stale | illegal | missing | invalid | limit | unsigned. message: an English message id that was
    marked with N_ where it stands; values fill in its {names}. Whoever shows it translates it.
    """

    def __init__(self, kind: str, message: str, **values: object) -> None:
        super().__init__(message)
        self.kind, self.message, self.values = kind, message, values

    def __str__(self) -> str:
        return self.message.format(**self.values) if self.values else self.message

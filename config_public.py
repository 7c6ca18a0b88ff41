"""[public]: the channel for residents."""

from pydantic import Field

from config_sources import Frozen

DAY = 86_400


class Public(Frozen):
    """[public]: the channel for residents: how much one client may report, how long a code and a contact are kept."""

    reports_per_hour: int = Field(default=20, ge=1, le=10_000)
    form_days: int = Field(default=7, ge=1, le=30)
    code_days: int = Field(default=365, ge=1, le=3_650)
    keep_contact_days: int = Field(default=180, ge=0, le=3_650)

    @property
    def form_seconds(self) -> int:
        """How long a form may be sent after it was opened; a phone may be without a network for days."""
        return self.form_days * DAY

    @property
    def code_seconds(self) -> int:
        """How long a code shows its report."""
        return self.code_days * DAY

    @property
    def contact_seconds(self) -> int:
        """How long name and number are kept after the end of a case."""
        return self.keep_contact_days * DAY

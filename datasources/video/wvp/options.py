"""What [sources.options] may say to video.wvp."""

from pydantic import Field, SecretStr, model_validator

from config_errors import problem
from datasources.video.platform import PlatformOptions


class WvpOptions(PlatformOptions):
    """url: of the platform. Either api_key, or user and password. media: where its media server is reached from here.

    page_rows: devices and channels asked for at a time.
    """

    api_key: SecretStr | None = None
    user: str = ""
    password: SecretStr = SecretStr("")
    page_rows: int = Field(default=100, ge=1, le=1000)

    @model_validator(mode="after")
    def _one_way_in(self) -> "WvpOptions":
        if bool(self.user) != bool(self.password.get_secret_value()):
            raise problem("user and password go together", "user")
        if (self.api_key is None) == (not self.user):
            raise problem("give either api_key, or user and password", "api_key")
        return self

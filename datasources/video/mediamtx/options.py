"""What [sources.options] may say to video.mediamtx."""

from urllib.parse import urlsplit

from pydantic import SecretStr, model_validator

from config_errors import problem
from datasources.video.platform import PlatformOptions

HLS_PORT = 8888


class MediaMtxOptions(PlatformOptions):
    """url: of the control API. media: of the HLS server; the same host at port 8888 unless said.

    user, password: of the server's internal users (both, or none). page_rows: paths asked for at a time.
    """

    user: str = ""
    password: SecretStr = SecretStr("")
    page_rows: int = 100

    @model_validator(mode="after")
    def _user_with_password(self) -> "MediaMtxOptions":
        if bool(self.user) != bool(self.password.get_secret_value()):
            raise problem("user and password go together", "user")
        return self

    @property
    def hls(self) -> str:
        """Where playlists are."""
        parts = urlsplit(self.url)
        return self.media or f"{parts.scheme}://{parts.netloc.rpartition('@')[2].rsplit(':', 1)[0]}:{HLS_PORT}"

    @property
    def named(self) -> tuple[str, ...]:
        """Every host that may be asked: also where playlists are."""
        return (*super().named, self.hls)

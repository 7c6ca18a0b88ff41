"""What [sources.options] may say to video.mediamtx."""

from urllib.parse import urlsplit

from pydantic import Field

from datasources.video.platform import BasicOptions

HLS_PORT = 8888


class MediaMtxOptions(BasicOptions):
    """url: of the control API. media: of the HLS server; the same host at port 8888 unless said.

    user, password: of the server's internal users. page_rows: paths asked for at a time.
    """

    page_rows: int = Field(default=100, ge=1)

    @property
    def hls(self) -> str:
        """Where playlists are."""
        parts = urlsplit(self.url)
        host = f"[{parts.hostname}]" if ":" in str(parts.hostname) else parts.hostname
        return self.media or f"{parts.scheme}://{host}:{HLS_PORT}"

    @property
    def named(self) -> tuple[str, ...]:
        """Every host that may be asked: also where playlists are."""
        return (*super().named, self.hls)

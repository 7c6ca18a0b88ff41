"""Scripts that are not ours, fetched by `make setup`: nothing is asked of the net at run time."""

from fastapi import APIRouter, HTTPException
from fastapi.responses import FileResponse

from datasources.video.hls import PLAYER

router = APIRouter()


@router.get("/assets/vendor/hls.js")
def hls_js() -> FileResponse:
    """The player for browsers that cannot play HLS; 404 where it was not fetched."""
    if not PLAYER.is_file():
        raise HTTPException(404)
    return FileResponse(PLAYER, media_type="text/javascript")

"""GET /tiles: base map and heat map, drawn here and kept by the browser."""

from fastapi import APIRouter

router = APIRouter()

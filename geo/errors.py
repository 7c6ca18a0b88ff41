"""What can be wrong with boundaries or their declaration: each message is a sentence for the person who wrote them."""


class GeoError(Exception):
    """Base of the geometry errors: str() says what is wrong, where, and what to do."""


class CrsError(GeoError):
    """The declared coordinate system is not known."""


class BoundaryError(GeoError):
    """A boundary file or one of its features cannot be used."""


class SubdivideError(GeoError):
    """The asked grid size cannot be cut."""


class TreeError(GeoError):
    """The levels do not form one tree."""

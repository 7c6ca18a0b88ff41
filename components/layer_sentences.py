"""Sentences that the connectors to map layers say when something is wrong (see components.sentences)."""

from domain.measures import N_

LAYERS = (
    N_("{host} answers with {what} instead of a picture; check layer, style and format"),
    N_("{host} answers with a picture of {width} × {height} pixels; ask it for 256"),
    N_("{host} answers with a broken picture; it is asked again later"),
    N_("{host}: is no GeoJSON FeatureCollection; check what is offered there"),
    N_("{host}: feature {n} cannot be read as a place; mend the source"),
    N_("{host}: offers no layer '{name}' that can be drawn{advice}"),
    N_("{host}: draws nothing of '{name}' in the middle of its bounds; check options.url and options.bounds"),
    N_("{host} answers with XML that is no WMTS capabilities; check options.url"),
    N_("{host} answers with XML that is no WMS capabilities; check options.url"),
    N_("{host} answers with JSON that is no object; check options.url"),
    N_("{host} answers without a list of collections; is options.url the landing page?"),
    N_("{name}: is no JSON ({error}); is it cut?"),
    N_("{name}: larger than {n} MB; give it as PMTiles, or raise options.most_megabytes"),
    N_("{name}: may not be read; give this program the right to"),
    N_("{name}: cannot be read ({error}); is it there?"),
    N_("{name}: is no whole PMTiles archive (version 3); is it cut?"),
    N_("{name}: holds tiles of a kind that is not drawn; give PNG, JPEG, WebP or MVT"),
    N_("{name}: is packed in a way that is not read; pack its tiles with gzip, or not at all"),
    N_("{name}: holds a tile that is cut, or larger than {n} MB; write it anew"),
    N_("{name}: a tile {error}; is the archive cut?"),
)
KINDS = (
    N_("an SVG drawing"),
    N_("a web page"),
    N_("XML"),
    N_("something else"),
    N_("nothing"),
)
"""What was sent instead of a picture."""

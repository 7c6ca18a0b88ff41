"""OGC API Features, and Tiles where they are offered as pictures."""

"""The population bands of territories, by which entries are filtered and counted."""

# Inhabitants: label, from (included), to (excluded).
BANDS = {
    "moins-de-10000": ("Moins de 10 000 habitants", 0, 10_000),
    "10000-20000": ("10 000 à 20 000 habitants", 10_000, 20_000),
    "20000-50000": ("20 000 à 50 000 habitants", 20_000, 50_000),
    "50000-100000": ("50 000 à 100 000 habitants", 50_000, 100_000),
    "plus-de-100000": ("100 000 habitants et plus", 100_000, None),
}


def band_of(population: int | None) -> str:
    """The band of a number of inhabitants; none where the COG does not know it."""
    if population is None:
        return ""
    return next(band for band, (_, _, below) in BANDS.items() if below is None or population < below)

"""The signs that tell categories apart where their colour does not."""

from django.db import models


class Sign(models.TextChoices):
    """A sign by its name; `path` is its outline on a grid of 24 units, as the `d` of an SVG path."""

    def __new__(cls, value: str, path: str):
        sign = str.__new__(cls, value)
        sign._value_, sign.path = value, path
        return sign

    PEDIMENT = "pediment", "M3 9.5 12 4l9 5.5zM6 12.5v5M12 12.5v5M18 12.5v5M3 20.5h18", "Fronton de mairie"
    STALL = (
        "stall",
        "M4.5 4h15l2 5.5a2.375 2.375 0 0 1-4.75 0 2.375 2.375 0 0 1-4.75 0 2.375 2.375 0 0 1-4.75 0 2.375 2.375 0 0"
        " 1-4.75 0zM5 14.5v6M19 14.5v6M5 16.5h14",
        "Étal de marché",
    )
    HANDS = (
        "hands",
        "M2.5 9.5v4.8c0 1.5.6 2.6 1.6 3.5L7 20.5M2.5 9.5a1.25 1.25 0 0 1 2.5 0V13l4 3.2c1 .8 1.5 1.8 1.5 3v1.3M21.5"
        " 9.5v4.8c0 1.5-.6 2.6-1.6 3.5L17 20.5M21.5 9.5a1.25 1.25 0 0 0-2.5 0V13l-4 3.2c-1 .8-1.5 1.8-1.5 3v1.3M12"
        " 3.5a3 3 0 1 0 .01 0z",
        "Deux mains",
    )
    LEAF = "leaf", "M12 20.5v-9M12 16l3.5-3M12 3.5c4 2 6 4.6 6 7.5a6 6 0 0 1-12 0c0-2.9 2-5.5 6-7.5z", "Feuille"
    BOOK = (
        "book",
        "M12 6.5c-2.5-1.7-5.5-2-9-1.5v13.5c3.5-.5 6.5-.2 9 1.5 2.5-1.7 5.5-2 9-1.5V5c-3.5-.5-6.5-.2-9 1.5zM12 6.5V20",
        "Livre",
    )
    WHEEL = (
        "wheel",
        "M12 3.5a8.5 8.5 0 1 0 .01 0zM12 10.5a1.5 1.5 0 1 0 .01 0zM12 3.5v7M12 13.5v7M3.5 12h7M13.5 12h7",
        "Roue",
    )

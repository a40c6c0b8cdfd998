"""Each category gets the colour and the sign that its address gave it; others the first that are left."""

from itertools import cycle

from django.db import migrations, models

from initiatives.models import classification

LOOKS = {
    "service-public": ("teal", "pediment"),
    "economie-locale": ("brick", "stall"),
    "cohesion-sociale": ("plum", "hands"),
}
OTHERS = [("moss", "leaf"), ("indigo", "book"), ("ochre", "wheel")]
COLOURS = [
    ("teal", "Bleu-vert"),
    ("brick", "Brique"),
    ("plum", "Prune"),
    ("moss", "Mousse"),
    ("indigo", "Indigo"),
    ("ochre", "Ocre"),
]
SIGNS = [
    ("pediment", "Fronton de mairie"),
    ("stall", "Étal de marché"),
    ("hands", "Deux mains"),
    ("leaf", "Feuille"),
    ("book", "Livre"),
    ("wheel", "Roue"),
]


def give(apps, schema_editor):
    models = [apps.get_model("initiatives", name) for name in ("Category", "HistoricalCategory")]
    others = cycle(OTHERS)
    for pk, slug in models[0].objects.order_by("position", "pk").values_list("pk", "slug"):
        colour, sign = LOOKS.get(slug) or next(others)
        for model in models:
            model.objects.filter(id=pk).update(colour=colour, sign=sign)


def fields(colour="teal", sign="pediment") -> list[tuple[str, models.Field]]:
    return [
        (
            "colour",
            models.CharField(
                "couleur",
                max_length=10,
                choices=COLOURS,
                default=colour,
                help_text="De ses fiches, de la carte, des graphiques, des documents et des images de partage."
                " Deux catégories se distinguent mieux si leurs couleurs diffèrent.",
            ),
        ),
        (
            "sign",
            models.CharField(
                "signe",
                max_length=10,
                choices=SIGNS,
                default=sign,
                help_text="Dessiné devant son nom : il dit la catégorie à qui ne voit pas les couleurs.",
            ),
        ),
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("initiatives", "0023_corrections_of_imports"),
    ]

    operations = [
        *(migrations.AddField(model, *one) for model in ("category", "historicalcategory") for one in fields()),
        migrations.RunPython(give, migrations.RunPython.noop),
        # What is unused is asked of the table, which has these columns now.
        *(
            migrations.AlterField(model, *one)
            for model in ("category", "historicalcategory")
            for one in fields(classification.first_unused_colour, classification.first_unused_sign)
        ),
    ]

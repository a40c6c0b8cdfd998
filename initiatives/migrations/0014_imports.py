"""What staff send to be imported, what was understood of it, and what became of each row."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("initiatives", "0013_population_band_and_index_of_counts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200, verbose_name="nom du fichier")),
                ("sha256", models.CharField(max_length=64, verbose_name="empreinte")),
                ("size", models.PositiveIntegerField(verbose_name="taille")),
                ("sent_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="envoyé le")),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("survey", "réponse à l’enquête"),
                            ("public_source", "source publique"),
                            ("staff", "saisie par l’association"),
                        ],
                        default="survey",
                        max_length=13,
                        verbose_name="origine des fiches",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "à vérifier"),
                            ("reading", "vérification en cours"),
                            ("ready", "à confirmer"),
                            ("writing", "import en cours"),
                            ("done", "importé"),
                            ("undoing", "annulation en cours"),
                            ("undone", "annulé"),
                            ("dropped", "abandonné"),
                        ],
                        default="received",
                        max_length=8,
                        verbose_name="état",
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="remarque")),
                ("edition", models.PositiveIntegerField(default=0, verbose_name="édition")),
                ("understanding", models.CharField(blank=True, max_length=300, verbose_name="compris comme")),
                ("headings", models.JSONField(default=list, verbose_name="colonnes")),
                ("missing", models.JSONField(default=list, verbose_name="colonnes manquantes")),
                ("faults", models.JSONField(default=list, verbose_name="défauts du fichier")),
                ("counts", models.JSONField(default=dict, verbose_name="nombre de lignes")),
                ("mapping", models.JSONField(default=dict, verbose_name="colonnes choisies")),
                ("corrections", models.JSONField(default=dict, verbose_name="corrections")),
                ("aside", models.JSONField(default=list, verbose_name="lignes laissées de côté")),
                ("confirmed_at", models.DateTimeField(null=True, verbose_name="confirmé le")),
                ("written_at", models.DateTimeField(null=True, verbose_name="importé le")),
                ("undone_at", models.DateTimeField(null=True, verbose_name="annulé le")),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="confirmé par",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="envoyé par",
                    ),
                ),
                (
                    "survey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="initiatives.survey",
                        verbose_name="enquête",
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="annulé par",
                    ),
                ),
            ],
            options={
                "verbose_name": "import",
            },
        ),
        migrations.CreateModel(
            name="ImportFile",
            fields=[
                (
                    "batch",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="file",
                        serialize=False,
                        to="initiatives.importbatch",
                        verbose_name="import",
                    ),
                ),
                ("content", models.BinaryField(verbose_name="contenu")),
            ],
            options={
                "verbose_name": "fichier envoyé",
                "verbose_name_plural": "fichiers envoyés",
            },
        ),
        migrations.CreateModel(
            name="HeadingAlias",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=200, unique=True, verbose_name="titre de colonne")),
                ("field", models.CharField(blank=True, max_length=40, verbose_name="champ")),
                ("said_at", models.DateTimeField(auto_now=True, verbose_name="indiqué le")),
                (
                    "said_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="indiqué par",
                    ),
                ),
            ],
            options={
                "verbose_name": "titre de colonne connu",
                "verbose_name_plural": "titres de colonne connus",
            },
        ),
        migrations.CreateModel(
            name="ImportRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.PositiveIntegerField(verbose_name="ligne")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("error", "à corriger"),
                            ("duplicate", "doublon probable"),
                            ("new", "nouvelle"),
                            ("changed", "modifiée"),
                            ("revision", "révision à relire"),
                            ("unchanged", "inchangée"),
                            ("aside", "laissée de côté"),
                        ],
                        max_length=9,
                        verbose_name="devient",
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=200, verbose_name="titre")),
                ("place", models.CharField(blank=True, max_length=200, verbose_name="collectivité")),
                ("seen", models.PositiveIntegerField(null=True, verbose_name="version lue")),
                ("written", models.PositiveIntegerField(null=True, verbose_name="version écrite")),
                ("before", models.JSONField(default=dict, verbose_name="avant")),
                ("after", models.JSONField(default=dict, verbose_name="après")),
                ("shown", models.JSONField(default=list, verbose_name="différences")),
                ("faults", models.JSONField(default=list, verbose_name="défauts")),
                ("close", models.JSONField(default=list, verbose_name="proches")),
                ("left", models.CharField(blank=True, max_length=200, verbose_name="laissée telle quelle")),
                (
                    "initiative",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="initiatives.initiative",
                        verbose_name="fiche",
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="initiatives.importbatch",
                        verbose_name="import",
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="initiatives.revision",
                        verbose_name="révision",
                    ),
                ),
            ],
            options={
                "verbose_name": "ligne d’import",
                "verbose_name_plural": "lignes d’import",
                "indexes": [models.Index(fields=["batch", "kind", "line"], name="import_row_by_kind")],
                "constraints": [models.UniqueConstraint(fields=("batch", "line"), name="import_row_once_a_line")],
            },
        ),
    ]

"""Publications have a history, and the mail of a lost password waits with the others."""

import django.core.validators
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone


def begin(apps, schema_editor):
    """What there already was is the first version of each publication."""
    publications, introductions = (apps.get_model("initiatives", name) for name in ("Publication", "Introduction"))
    version, now = apps.get_model("initiatives", "HistoricalPublication"), timezone.now()
    columns = [field.attname for field in publications._meta.concrete_fields]
    for row in publications.objects.order_by("pk"):
        texts = introductions.objects.filter(publication=row).order_by("category__position", "category")
        version.objects.create(
            history_date=now,
            history_type="+",
            through="command",
            parts={"introductions": [list(one) for one in texts.values_list("category", "text")]},
            **{column: getattr(row, column) for column in columns},
        )


class Migration(migrations.Migration):
    dependencies = [
        ("initiatives", "0018_personal_data"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="outgoingmail",
            name="account",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="compte",
            ),
        ),
        migrations.CreateModel(
            name="HistoricalPublication",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "through",
                    models.CharField(
                        choices=[
                            ("form", "formulaire"),
                            ("import", "import"),
                            ("bulk", "action groupée"),
                            ("command", "commande"),
                        ],
                        default="command",
                        max_length=7,
                        verbose_name="par",
                    ),
                ),
                ("parts", models.JSONField(default=dict, verbose_name="éléments")),
                ("title", models.CharField(max_length=160, verbose_name="titre")),
                ("subtitle", models.CharField(blank=True, max_length=200, verbose_name="sous-titre")),
                ("slug", models.SlugField(max_length=110, verbose_name="adresse")),
                (
                    "foreword",
                    models.TextField(
                        blank=True, help_text="En Markdown.", max_length=20000, verbose_name="avant-propos"
                    ),
                ),
                (
                    "credits",
                    models.TextField(blank=True, help_text="En Markdown.", max_length=5000, verbose_name="crédits"),
                ),
                (
                    "filters",
                    models.CharField(
                        blank=True,
                        help_text="Les filtres de la liste, tels que son adresse les écrit : « categorie=cohesion-sociale&region=32 ». Vide : toutes les fiches publiées.",
                        max_length=500,
                        verbose_name="sélection",
                    ),
                ),
                (
                    "order",
                    models.CharField(
                        choices=[
                            ("collectivite", "par collectivité"),
                            ("titre", "par titre"),
                            ("recent", "les plus récentes d’abord"),
                        ],
                        default="collectivite",
                        max_length=12,
                        verbose_name="ordre",
                    ),
                ),
                ("with_figures", models.BooleanField(default=True, verbose_name="chiffres clés")),
                ("with_map", models.BooleanField(default=True, verbose_name="carte")),
                ("with_themes", models.BooleanField(default=True, verbose_name="index des thèmes")),
                ("with_territories", models.BooleanField(default=True, verbose_name="index des collectivités")),
                ("with_sources", models.BooleanField(default=True, verbose_name="liste des sources")),
                (
                    "licence",
                    models.CharField(
                        choices=[("etalab-2.0", "Licence Ouverte 2.0"), ("CC-BY-4.0", "CC BY 4.0")],
                        default="etalab-2.0",
                        max_length=12,
                        verbose_name="licence",
                    ),
                ),
                (
                    "cover_ground",
                    models.CharField(
                        default="#1c2f4a",
                        max_length=7,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^#[0-9a-fA-F]{6}\\Z", "Écrivez une couleur comme #1f4f8f : dièse et six chiffres."
                            )
                        ],
                        verbose_name="fond de la couverture",
                    ),
                ),
                (
                    "cover_ink",
                    models.CharField(
                        default="#faf6ed",
                        max_length=7,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^#[0-9a-fA-F]{6}\\Z", "Écrivez une couleur comme #1f4f8f : dièse et six chiffres."
                            )
                        ],
                        verbose_name="texte de la couverture",
                    ),
                ),
                ("logo", models.BinaryField(blank=True, default=b"", verbose_name="logo")),
                ("logo_type", models.CharField(blank=True, editable=False, max_length=3, verbose_name="type du logo")),
                (
                    "logo_text",
                    models.CharField(blank=True, max_length=120, verbose_name="texte de remplacement du logo"),
                ),
                ("created_at", models.DateTimeField(blank=True, editable=False, verbose_name="créée le")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "version de la publication",
                "verbose_name_plural": "historical publications",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]

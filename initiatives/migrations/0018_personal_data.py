"""What was done with the data of declarants, read by administrators; and entries whose declarant is forgotten."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("initiatives", "0017_web_addresses"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.AddField(
            model_name="historicalinitiative",
            name="declarant_erased_on",
            field=models.DateField(editable=False, null=True, verbose_name="déclarant effacé le"),
        ),
        migrations.AddField(
            model_name="initiative",
            name="declarant_erased_on",
            field=models.DateField(editable=False, null=True, verbose_name="déclarant effacé le"),
        ),
        migrations.CreateModel(
            name="PersonalDataEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="date")),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("retention", "effacement, fin de la durée de conservation"),
                            ("mails", "effacement des courriels anciens"),
                            ("request", "effacement sur demande"),
                            ("export", "export avec les données personnelles"),
                            ("correction", "export pour correction"),
                        ],
                        max_length=10,
                        verbose_name="ce qui a été fait",
                    ),
                ),
                ("cutoff", models.DateField(blank=True, null=True, verbose_name="closes ou écrits avant le")),
                ("entries", models.PositiveIntegerField(default=0, verbose_name="fiches")),
                ("mails", models.PositiveIntegerField(default=0, verbose_name="courriels")),
                ("files", models.PositiveIntegerField(default=0, verbose_name="imports")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="par",
                    ),
                ),
                (
                    "survey",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="initiatives.survey",
                        verbose_name="enquête",
                    ),
                ),
            ],
            options={
                "verbose_name": "ligne du journal des données personnelles",
                "verbose_name_plural": "journal des données personnelles",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("by__isnull", False), ("act__in", ("retention", "mails")), _connector="OR"),
                        name="journal_line_says_by_whom",
                    )
                ],
            },
        ),
    ]

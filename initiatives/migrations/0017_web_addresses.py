"""The addresses that published entries give, and what they answered: everybody at the desk reads them."""

import django.utils.timezone
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [
        ("initiatives", "0016_publication_permissions"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="WebAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("url", models.CharField(max_length=500, unique=True, verbose_name="adresse")),
                ("checked_at", models.DateTimeField(null=True, verbose_name="vérifiée le")),
                ("status", models.PositiveSmallIntegerField(null=True, verbose_name="réponse")),
                (
                    "fault",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("unknown_host", "nom de site inconnu"),
                            ("unreachable", "serveur injoignable"),
                            ("timeout", "délai dépassé"),
                            ("broken", "réponse illisible"),
                            ("certificate", "certificat invalide"),
                            ("tls", "connexion sécurisée impossible"),
                            ("endless", "redirections sans fin"),
                            ("malformed", "adresse mal formée"),
                            ("refused", "adresse que le catalogue n’ouvre pas"),
                        ],
                        max_length=12,
                        verbose_name="motif",
                    ),
                ),
                ("first_failed_on", models.DateField(null=True, verbose_name="en échec depuis le")),
                ("last_failed_on", models.DateField(null=True, verbose_name="dernier échec le")),
                ("failures", models.PositiveSmallIntegerField(default=0, verbose_name="jours d’échec")),
                ("is_dead", models.BooleanField(default=False, verbose_name="ne répond plus")),
                (
                    "next_check_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="prochaine vérification"),
                ),
            ],
            options={
                "verbose_name": "adresse citée",
                "verbose_name_plural": "adresses citées",
                "indexes": [
                    models.Index(fields=["next_check_at"], name="web_address_due"),
                    models.Index(fields=["url"], condition=Q(is_dead=True), name="web_address_dead"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(url__startswith="https://") | Q(url__startswith="http://"),
                        name="web_address_is_one",
                    ),
                    models.CheckConstraint(
                        condition=Q(checked_at__isnull=True, status__isnull=True, fault="")
                        | Q(checked_at__isnull=False, status__isnull=False, fault="")
                        | (Q(checked_at__isnull=False, status__isnull=True) & ~Q(fault="")),
                        name="web_address_has_one_answer",
                    ),
                    models.CheckConstraint(
                        condition=Q(failures=0, first_failed_on__isnull=True, last_failed_on__isnull=True)
                        | Q(
                            failures__gt=0,
                            first_failed_on__isnull=False,
                            last_failed_on__isnull=False,
                            last_failed_on__gte=F("first_failed_on"),
                        ),
                        name="web_address_failures_say_when",
                    ),
                    models.CheckConstraint(
                        condition=Q(is_dead=False) | Q(failures__gte=3), name="web_address_dead_after_days"
                    ),
                ],
            },
        ),
    ]

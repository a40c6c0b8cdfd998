"""The second factors of allauth under a French name, for the admin."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("initiatives", "0011_shared_cache"), ("mfa", "0003_authenticator_type_uniq")]

    operations = [
        migrations.CreateModel(
            name="SecondFactor",
            fields=[],
            options={
                "verbose_name": "second facteur",
                "verbose_name_plural": "seconds facteurs",
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("mfa.authenticator",),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("initiatives", "0022_accounts"),
    ]

    operations = [
        migrations.AddField(
            model_name="importrow",
            name="corrections",
            field=models.JSONField(default=dict, verbose_name="corrections sans ambiguïté"),
        ),
    ]

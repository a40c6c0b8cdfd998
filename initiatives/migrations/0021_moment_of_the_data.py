from django.db import migrations, models
from django.db.models import F
from django.utils import timezone


def copy_the_moment(apps, schema_editor):
    apps.get_model("initiatives", "ContentVersion").objects.update(data_changed_at=F("changed_at"))


class Migration(migrations.Migration):
    dependencies = [
        ("initiatives", "0020_words_of_the_desk"),
    ]

    operations = [
        migrations.AddField(
            model_name="contentversion",
            name="data_changed_at",
            field=models.DateTimeField(
                auto_now=True, default=timezone.now, verbose_name="dernier changement des données"
            ),
            preserve_default=False,
        ),
        migrations.RunPython(copy_the_moment, migrations.RunPython.noop),
    ]

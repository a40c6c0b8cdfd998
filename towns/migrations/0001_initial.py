import django.db.models.deletion
import towns.names
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Region',
            fields=[
                ('sort_key', towns.names.SortKeyField(editable=False, max_length=120)),
                ('code', models.CharField(max_length=3, primary_key=True, serialize=False, verbose_name='code INSEE')),
                ('name', models.CharField(max_length=80, verbose_name='nom')),
                ('zone', models.CharField(choices=[('metro', 'métropole'), ('drom', 'département et région d’outre-mer'), ('com', 'collectivité d’outre-mer')], max_length=5, verbose_name='zone')),
            ],
            options={
                'verbose_name': 'région',
            },
        ),
        migrations.CreateModel(
            name='Department',
            fields=[
                ('sort_key', towns.names.SortKeyField(editable=False, max_length=120)),
                ('code', models.CharField(max_length=3, primary_key=True, serialize=False, verbose_name='code INSEE')),
                ('name', models.CharField(max_length=80, verbose_name='nom')),
                ('zone', models.CharField(choices=[('metro', 'métropole'), ('drom', 'département et région d’outre-mer'), ('com', 'collectivité d’outre-mer')], max_length=5, verbose_name='zone')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='departments', to='towns.region', verbose_name='région')),
            ],
            options={
                'verbose_name': 'département',
            },
        ),
        migrations.CreateModel(
            name='Territory',
            fields=[
                ('code', models.CharField(max_length=9, primary_key=True, serialize=False, verbose_name='code')),
                ('kind', models.CharField(blank=True, choices=[('CC', 'communauté de communes'), ('CA', 'communauté d’agglomération'), ('CU', 'communauté urbaine'), ('METRO', 'métropole'), ('MET69', 'métropole à statut particulier')], max_length=5, verbose_name='nature')),
                ('name', models.CharField(max_length=120, verbose_name='nom')),
                ('slug', models.SlugField(editable=False, max_length=140, unique=True, verbose_name='adresse')),
                ('sort_key', towns.names.SortKeyField(db_index=True, editable=False, max_length=120)),
                ('population', models.PositiveIntegerField(blank=True, null=True, verbose_name='population')),
                ('is_former', models.BooleanField(default=False, help_text='La collectivité n’existe plus dans le dernier millésime ; elle reste parce qu’une fiche la cite.', verbose_name='disparue du COG')),
                ('longitude', models.FloatField(blank=True, null=True, verbose_name='longitude')),
                ('latitude', models.FloatField(blank=True, null=True, verbose_name='latitude')),
                ('postal_codes', models.CharField(blank=True, max_length=200, verbose_name='codes postaux')),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='towns.department', verbose_name='département')),
            ],
            options={
                'verbose_name': 'collectivité',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Intercommunality',
            fields=[
            ],
            options={
                'verbose_name': 'intercommunalité',
                'proxy': True,
                'indexes': [],
                'constraints': [],
            },
            bases=('towns.territory',),
        ),
        migrations.CreateModel(
            name='Town',
            fields=[
            ],
            options={
                'verbose_name': 'commune',
                'proxy': True,
                'indexes': [],
                'constraints': [],
            },
            bases=('towns.territory',),
        ),
        migrations.AddField(
            model_name='territory',
            name='intercommunality',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='towns.intercommunality', verbose_name='intercommunalité'),
        ),
        migrations.AddConstraint(
            model_name='territory',
            constraint=models.UniqueConstraint(condition=models.Q(('is_former', False), ('kind', '')), fields=('department', 'name'), name='town_name_unique_in_department', violation_error_message='Une commune de ce nom existe déjà dans ce département.'),
        ),
        migrations.AddConstraint(
            model_name='territory',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('latitude__isnull', True), ('longitude__isnull', True)), models.Q(('latitude__range', (-90, 90)), ('longitude__range', (-180, 180))), _connector='OR'), name='territory_point_whole_and_on_earth'),
        ),
        migrations.AddConstraint(
            model_name='territory',
            constraint=models.CheckConstraint(condition=models.Q(('kind', ''), models.Q(('intercommunality', None), ('postal_codes', '')), _connector='OR'), name='intercommunality_has_nothing_of_a_town'),
        ),
    ]

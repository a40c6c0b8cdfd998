"""The vintage that the project ships."""

from time import process_time

from django.core.management import call_command

from towns.models import Department, Intercommunality, Region, Town


def test_shipped_vintage_loads_whole_in_ten_seconds_and_once(capsys):
    started = process_time()
    call_command("load_territories")
    assert process_time() - started < 10
    assert capsys.readouterr().out == "Territories: 36,359 created, 0 updated, 0 unchanged, 0 former, 0 removed.\n"
    assert [model.objects.count() for model in (Region, Department, Intercommunality, Town)] == [26, 109, 1255, 34969]

    beauvais = Town.objects.get(slug="beauvais-60")
    assert (beauvais.pk, beauvais.department.region.name) == ("60057", "Hauts-de-France")
    assert beauvais.intercommunality.name == "CA du Beauvaisis"
    assert Town.objects.get(slug="saint-denis-974").pk == "97411"
    assert Town.objects.get(slug="ajaccio-2a").department.name == "Corse-du-Sud"
    assert Town.objects.filter(longitude=None).count() == 99
    assert Town.objects.filter(population=None).count() == 6
    towns, epcis = (set(model.objects.values_list("slug", flat=True)) for model in (Town, Intercommunality))
    assert len(towns) == 34969
    assert len(epcis) == 1255
    assert not towns & epcis
    # No name needs the code in its address.
    assert not [slug for slug in towns | epcis if slug.rsplit("-")[-1].isdigit() and len(slug.rsplit("-")[-1]) > 3]

    keys = list(Town.objects.alphabetical().values_list("sort_key", flat=True))
    assert keys == sorted(keys)
    assert "" not in keys
    for typed, name in [
        ("beauv", "Beauvais"),
        ("60057", "Beauvais"),
        ("bethune", "Béthune"),
        ("saint-denis", "Saint-Denis"),
        ("l'hay", "L'Haÿ-les-Roses"),
        ("havre", "Le Havre"),
        ("noeux", "Nœux-les-Mines"),
        ("75116", "Paris"),
        ("st etienne", "Saint-Étienne"),
    ]:
        assert Town.objects.found_by(typed).by_relevance(typed).first().name == name

    call_command("load_territories")
    assert capsys.readouterr().out == "Territories: 0 created, 0 updated, 36,359 unchanged, 0 former, 0 removed.\n"

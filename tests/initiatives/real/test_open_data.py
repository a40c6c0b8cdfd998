"""The open data of the real catalogue: valid against what describes it."""

from jsonschema import Draft202012Validator

from tests.support.exported import download
from tests.support.table_schema import validate


def test_open_csv_is_valid_against_its_schema(real_catalogue, client, tmp_path):
    path = tmp_path / "initiatives.csv"
    path.write_bytes(download(client, ".csv"))
    assert path.read_text().count("\nCS20-") == 158
    assert validate(path, client.get("/donnees/schema.json").json()) == []


def test_api_is_what_its_description_says(real_catalogue, client):
    described = client.get("/api/openapi.json").json()
    validator = Draft202012Validator({"components": described["components"], "$ref": "#/components/schemas/Page"})
    for query in ("?page_size=500", "?page=2&page_size=3", "?q=introuvable"):
        assert list(validator.iter_errors(client.get(f"/api/initiatives{query}").json())) == []
    page = client.get("/api/initiatives?page_size=1").json()
    page["initiatives"][0]["population"] = "beaucoup"
    assert list(validator.iter_errors(page))

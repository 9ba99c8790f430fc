"""Languages: no text is missing, and a text asked for in a new place is noticed."""

import pytest
from babel.messages.catalog import Catalog
from django.utils import translation

from workbench import catalogues
from workbench.languages import in_language


def test_no_hole_in_any_language() -> None:
    assert [f"{hole.language}: {hole.reason}: {hole.text[:80]}" for hole in catalogues.holes()] == []


def test_texts_of_code_and_templates_are_found() -> None:
    asked = catalogues.asked()
    assert asked.get("Somebody else is reviewing this work, or it was decided meanwhile.")
    assert asked.get("Sign in") or len(asked) > 300


@pytest.mark.parametrize(
    ("string", "fuzzy", "reason"),
    [
        ("", False, "not translated"),
        ("%(name)s est vide.", True, "doubtful"),
        ("C’est vide.", False, "other places to fill"),
    ],
)
def test_a_hole_is_found(monkeypatch, string, fuzzy, reason) -> None:
    asked, known = Catalog(), Catalog(locale="fr")
    asked.add("%(name)s is empty.")
    known.add("%(name)s is empty.", string, flags={"fuzzy"} if fuzzy else set())
    monkeypatch.setattr(catalogues, "asked", lambda: asked)
    monkeypatch.setattr(catalogues, "read", lambda language: known)
    assert {hole.reason for hole in catalogues.holes()} == {reason}


def test_a_text_that_nobody_translated_or_asks_for_is_found(monkeypatch) -> None:
    asked, known = Catalog(), Catalog(locale="fr")
    asked.add("new")
    known.add("old", "vieux")
    monkeypatch.setattr(catalogues, "asked", lambda: asked)
    monkeypatch.setattr(catalogues, "read", lambda language: known)
    assert {(hole.text, hole.reason) for hole in catalogues.holes()} == {
        ("new", "missing"),
        ("old", "left over"),
    }


def test_data_in_several_languages_falls_back() -> None:
    texts = {"fr": "pare-feu", "en": "firewall"}
    assert in_language(texts, "fr") == "pare-feu"
    assert in_language(texts, "nl") == "firewall"
    assert in_language({"nl": "muur"}, "fr") == "muur"
    assert in_language({}, "fr") == ""
    with translation.override("fr"):
        assert in_language(texts) == "pare-feu"


def test_a_person_reads_in_the_language_of_the_account(client, dee) -> None:
    dee.language = "nl"
    dee.save()
    client.force_login(dee)
    assert 'lang="nl"' in client.get("/account/", headers={"Accept-Language": "fr"}).content.decode()


def test_choosing_a_language_keeps_the_page_and_changes_the_account(client, dee) -> None:
    client.force_login(dee)
    answer = client.post("/language/", {"language": "fr", "next": "/account/"})
    assert answer.url == "/account/"
    dee.refresh_from_db()
    assert dee.language == "fr"
    for hostile in ("https://evil.example/", "//evil.example", "javascript:alert(1)"):
        assert client.post("/language/", {"language": "fr", "next": hostile}).url == "/"
    client.post("/language/", {"language": "xx"})
    dee.refresh_from_db()
    assert dee.language == "fr"

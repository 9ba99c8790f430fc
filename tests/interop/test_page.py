"""The page on interoperability says what the tests try, no more and no less."""

from tests.interop import cases, page


def test_the_page_is_what_the_cases_make():
    assert page.PAGE.read_text(encoding="utf-8") == page.render(), "run python -m tests.interop.page"


def test_the_page_follows_the_cases(monkeypatch):
    before = page.render()
    monkeypatch.setitem(cases.TAMPERINGS, "colour", lambda badge: badge.update(colour="red"))
    monkeypatch.setitem(cases.FORMS, "upside down", lambda issuer: {})
    after = page.render()
    assert "- colour\n" in after and "| upside down | did:web |" in after
    assert "- colour\n" not in before and "upside down" not in before

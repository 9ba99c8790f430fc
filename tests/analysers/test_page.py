"""The page about analysers says what the tests show, of every dialect that is recognised."""

from assessments.analysers.configurations.reading import READERS
from tests.analysers import page
from tests.analysers.configurations import cases


def test_the_page_is_what_the_cases_say():
    assert page.PAGE.read_text(encoding="utf-8") == page.render(), "run python -m tests.analysers.page"


def test_every_dialect_has_its_case():
    # ip6tables-save is the same form as iptables-save, and stands in its row.
    assert cases.CASES.keys() == READERS.keys() - {"ip6tables-save"}

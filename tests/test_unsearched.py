"""A file that could not be searched to its end is not shown to the world, however clean the rest is."""

import pytest

from assessments.analysers.secrets.codes import UNSEARCHED_INSIDE
from assessments.models import Evidence
from assessments.secrecy import marks, refusal_to_show
from tests import factories
from tests.analysers.documents.cases import CASES
from tests.analysers.documents.making import docx, paragraph, pdf
from workbench import jobs

CLEAN = pdf(["A report about a firewall"])
UNSEARCHED = {
    "a document with a DTD": docx(
        "", **{"word/document.xml": '<!DOCTYPE w [<!ENTITY x "y">]><w/>', "word/other.xml": "<x/>"}
    ),
    "a document whose comments are damaged": docx(paragraph("Fine"), **{"word/comments.xml": "<w:comments"}),
    "a PDF without its pages": b"%PDF-1.7\n" + bytes(range(1, 120)) * 20,
}


def handed_in(ada, programme, content: bytes, name: str) -> Evidence:
    item = factories.make_evidence(factories.make_draft(ada, programme), content=content, name=name)
    jobs.run_due()
    return Evidence.objects.with_supports().with_reading().get(pk=item.pk)


@pytest.mark.parametrize("what", sorted(UNSEARCHED))
def test_what_was_not_searched_is_held_back(what, ada, programme, achievement):
    name = "report.pdf" if "PDF" in what else "report.docx"
    item = handed_in(ada, programme, UNSEARCHED[what], name)
    refusal = refusal_to_show(item)
    assert marks(item) == []
    assert refusal is not None and refusal.code == "not-readable"


@pytest.mark.parametrize("finding", sorted(UNSEARCHED_INSIDE))
def test_files_inside_a_file_hold_it_back(finding, ada, programme, achievement):
    case = next(one for one in CASES if finding in one.findings)
    item = handed_in(ada, programme, case.content, f"report.{case.label}")
    refusal = refusal_to_show(item)
    assert refusal is not None and refusal.code in ("not-readable", "secrets-open")
    item.blob.analysis.secrets = []
    refusal = refusal_to_show(item)
    assert refusal is not None and refusal.code == "not-readable"


def test_a_document_that_was_searched_to_its_end_may_be_shown(ada, programme, achievement):
    assert refusal_to_show(handed_in(ada, programme, CLEAN, "report.pdf")) is None

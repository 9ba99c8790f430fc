"""The single objects that a CASE service answers beside whole packages."""

from dataclasses import replace
from typing import Any

from assessments.importing.case import terms
from assessments.importing.case.writing import write_case
from assessments.importing.records import CompetencyRecord, ReferentialRecord

Json = dict[str, Any]


def write_document(document: ReferentialRecord, base_url: str) -> Json:
    """A CASE 1.1 CFDocument, which names its package."""
    written: Json = write_case(document, base_url)["CFDocument"]
    package = {
        "title": written["title"],
        "identifier": document.identifier,
        "uri": terms.address(base_url, "CFPackages", document.identifier),
    }
    return {"CFPackageURI": package, **written}


def write_item(competency: CompetencyRecord, document: ReferentialRecord, base_url: str) -> Json:
    """A CASE 1.1 CFItem, which names its document."""
    package = write_case(replace(document, competencies=(competency,)), base_url)
    written: Json = package["CFItems"][0]
    owner = package["CFDocument"]
    link = {"title": owner["title"], "identifier": owner["identifier"], "uri": owner["uri"]}
    return {"CFDocumentURI": link, **written}


def status_info(description: str) -> Json:
    """The body of a CASE error answer for an object that is not here."""
    minor = {"imsx_codeMinorFieldName": "sourcedId", "imsx_codeMinorFieldValue": "unknownobject"}
    return {
        "imsx_codeMajor": "failure",
        "imsx_severity": "error",
        "imsx_description": description,
        "imsx_codeMinor": {"imsx_codeMinorField": [minor]},
    }

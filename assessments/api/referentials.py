"""Competency referentials: list them, read one, import one."""

from typing import Annotated, Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from ninja import Field, File, Form, Query, Router, Schema
from ninja.files import UploadedFile

from assessments.importing.problems import MAX_BYTES
from assessments.importing.saving import import_files
from assessments.models import Referential
from workbench.api.auth import ApiRequest
from workbench.api.fields import Text
from workbench.api.paging import AtPosition, Page, paged
from workbench.errors import invalid
from workbench.models import Organisation

router = Router(tags=["what is asked"])


class ReferentialOut(Schema):
    id: UUID
    identifier: UUID = Field(description="of the CASE document; the same from version to version")
    version: str
    title: str = Field(description="in the language of the token's owner")
    titles: dict[str, str] = Field(description="by language")
    description: str
    organisation: UUID
    organisation_slug: str
    adoption_status: str = Field(description="draft, adopted or deprecated")
    licence: str
    replaced_by: UUID | None = Field(description="the version that came after this one")
    case_url: str = Field(description="the CASE package; public once adopted")


class CompetencyOut(Schema):
    id: UUID
    identifier: UUID
    code: str
    statement: str
    type: str
    parent: UUID | None


class ReferentialDetailOut(ReferentialOut):
    competencies: list[CompetencyOut] = Field(description="in the order of the referential")


class OfOrganisation(Schema):
    organisation: Text = Field("", max_length=50, description="id or short name of an organisation")


class ImportIn(Schema):
    organisation: Text = Field(max_length=50, description="id or short name of the organisation that owns it")


def shaped(referentials: list[Referential]) -> list[dict[str, Any]]:
    return [
        {
            "id": referential.pk,
            "identifier": referential.identifier,
            "version": referential.version,
            "title": referential.title,
            "titles": referential.titles,
            "description": referential.description,
            "organisation": referential.organisation_id,
            "organisation_slug": referential.organisation.slug,
            "adoption_status": referential.adoption_status,
            "licence": referential.licence_title,
            "replaced_by": referential.replaced_by_id,
            "case_url": f"{settings.BASE_URL}{reverse('case-package', args=[referential.pk])}",
        }
        for referential in referentials
    ]


def with_competencies(referential: Referential) -> dict[str, Any]:
    return {
        **shaped([referential])[0],
        "competencies": [
            {
                "id": competency.pk,
                "identifier": competency.identifier,
                "code": competency.human_code,
                "statement": competency.full_statement,
                "type": competency.type,
                "parent": competency.parent_id,
            }
            for competency in referential.competencies.all()
        ],
    }


@router.get(
    "/referentials",
    response=Page[ReferentialOut],
    operation_id="list-referentials",
    summary="Referentials that are public, and drafts of organisations I administer",
)
def index(
    request: ApiRequest, position: AtPosition, chosen: Annotated[OfOrganisation, Query(...)]
) -> dict[str, Any]:
    rows = Referential.objects.visible_to(request.user).select_related("organisation")
    if chosen.organisation:
        rows = rows.filter(organisation__in=_named(chosen.organisation))
    return paged(rows, position, by="-created_at", shape=shaped)


@router.post(
    "/referentials",
    response={201: ReferentialDetailOut},
    operation_id="import-referential",
    summary="Import a CASE package, or a pair of CSV tables",
)
def create(
    request: ApiRequest,
    body: Annotated[ImportIn, Form(...)],
    file: Annotated[list[UploadedFile], File(description="one CASE JSON, one ZIP, or the CSV files")],
) -> dict[str, Any]:
    """All or nothing. The names of the CSV files say which table each of them holds.

    Codes: `referential-invalid` (with every problem and its place in `errors`), `nothing-changed`.
    """
    organisation = get_object_or_404(_named(body.organisation))
    if sum(one.size or 0 for one in file) > MAX_BYTES:
        limit = MAX_BYTES // (1024 * 1024)
        raise invalid("too-large", _("A referential has at most %(limit)s MB.") % {"limit": limit})
    files = {one.name or f"file-{number}": one.read() for number, one in enumerate(file)}
    return with_competencies(import_files(files, organisation=organisation, by=request.user))


@router.get(
    "/referentials/{uuid:id}",
    response=ReferentialDetailOut,
    operation_id="get-referential",
    summary="One referential with its competencies",
)
def detail(request: HttpRequest, id: UUID) -> dict[str, Any]:
    rows = Referential.objects.visible_to(request.user).select_related("organisation")
    return with_competencies(get_object_or_404(rows, pk=id))


def _named(name: str) -> Any:
    """The organisation with this id or short name."""
    try:
        return Organisation.objects.filter(Q(pk=UUID(name)) | Q(slug=name))
    except ValueError:
        return Organisation.objects.filter(slug=name)

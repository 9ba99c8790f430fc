"""The pages of referentials: what an organisation has, one version of it, import, adoption and export."""

import io
import json
import uuid
import zipfile

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.forms.referentials import ConfirmForm, ImportForm
from assessments.impact import Numbers, hit_achievements, impact, numbers
from assessments.importing import saving
from assessments.importing.csv_pair import write_csv
from assessments.importing.holding import Held, held, hold, let_go
from assessments.importing.messages import message, place
from assessments.importing.problems import Problem
from assessments.importing.rows import read_record
from assessments.importing.saving import Preview, preview
from assessments.importing.summary import summary
from assessments.models import Referential
from assessments.publishing import case_package
from assessments.referential_table import competency_rows, is_web_address, rubric_tables
from assessments.views.answers import case_answer
from assessments.views.paging import page_of
from workbench.access import Forbidden, may, public, signed_in
from workbench.errors import DomainError
from workbench.models import Organisation
from workbench.requests import Request

REFERENTIALS_A_PAGE = 50


@signed_in
@require_safe
def index(request: Request) -> HttpResponse:
    own = _own_organisations(request)
    rows = (
        Referential.objects.filter(organisation__in=own)
        .select_related("organisation", "replaced_by")
        .annotate(items=Count("competencies"))
        .order_by("organisation__name", "identifier", "-created_at")
    )
    page = page_of(request, rows, REFERENTIALS_A_PAGE)
    return render(request, "assessments/referentials.html", {"page": page, "several": len(own) > 1})


@public
@require_safe
def detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    referential = _found(request, pk)
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        answer = case_answer(request, case_package(referential), private=referential.is_draft)
    else:
        context = {
            "referential": referential,
            "competencies": competency_rows(referential),
            "rubrics": rubric_tables(referential),
            "licence_link": referential.licence_url if is_web_address(referential.licence_url) else "",
            "later_version": hit_achievements(referential).exists(),
            "hit": _hit(request, referential),
            "replaces": referential.replaces.order_by("-created_at").first(),
            "may_define": referential.is_adopted
            and referential.is_current
            and may(request.user, "administer", referential.organisation),
        }
        answer = render(request, "assessments/referential.html", context)
    patch_vary_headers(answer, ["Accept"])
    return answer


@signed_in
@require_POST
def adopt(request: Request, pk: uuid.UUID) -> HttpResponse:
    referential = saving.adopt(_found(request, pk), by=request.user)
    messages.success(request, _("Version %(version)s is adopted.") % {"version": referential.version})
    return redirect("referential", referential.pk)


@public
@require_safe
def export_case(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    referential = _found(request, pk)
    content = json.dumps(case_package(referential), ensure_ascii=False, indent=1).encode()
    return _file(content, "application/json", f"{_stem(referential)}.json")


@public
@require_safe
def export_csv(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    referential = _found(request, pk)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in write_csv(read_record(referential)).items():
            archive.writestr(name, content)
    return _file(target.getvalue(), "application/zip", f"{_stem(referential)}.zip")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def import_page(request: Request) -> HttpResponse:
    """Read what is uploaded and show its problems, or what it changes; nothing is saved here."""
    own = _own_organisations(request)
    asked = request.GET.get("organisation", "")
    chosen = next((one for one in own if one.slug == asked), own[0])
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ImportForm(*posted, by=request.user, initial={"organisation": chosen})
    if not form.is_valid():
        return _import_form(request, form, status=422 if form.is_bound else 200)
    files, problems = form.read()
    organisation = form.cleaned_data["organisation"]
    if problems:
        return _import_form(request, form, problems, status=422)
    seen = preview(files, organisation=organisation, by=request.user)
    if seen.record is None:
        return _import_form(request, form, seen.problems, status=422)
    token = hold(files, organisation=organisation, compared_with=seen.compared_with, by=request.user)
    return _what_changes(request, seen, organisation, token)


@signed_in
@require_POST
def confirm(request: Request) -> HttpResponse:
    """Read the held upload again, check it again, save it; what changed meanwhile is shown first."""
    form = ConfirmForm(request.POST)
    try:
        upload = held(form["token"].value() or "", by=request.user)
        organisation = get_object_or_404(
            Organisation.objects.administered_by(request.user.grants), pk=upload.organisation_id
        )
        return _confirmed(request, upload, organisation)
    except DomainError as error:
        if error.code == "nothing-changed":
            messages.info(request, str(error))
            return redirect("referential", error.extra["id"])
        messages.error(request, str(error))
        return redirect("import-referential")


def _confirmed(request: Request, upload: Held, organisation: Organisation) -> HttpResponse:
    seen = preview(upload.files, organisation=organisation, by=request.user)
    if seen.record is None:
        form = ImportForm(by=request.user, initial={"organisation": organisation})
        return _import_form(request, form, seen.problems, status=422)
    if seen.compared_with != upload.compared_with and not seen.changes_nothing:
        token = hold(
            upload.files, organisation=organisation, compared_with=seen.compared_with, by=request.user
        )
        messages.warning(
            request, _("Somebody imported this referential meanwhile: look at what changes now.")
        )
        return _what_changes(request, seen, organisation, token, status=409)
    referential = saving.save(seen.record, organisation=organisation, by=request.user)
    let_go(upload)
    messages.success(request, _("“%(title)s” is imported.") % {"title": referential.title})
    return redirect("referential", referential.pk)


def _hit(request: HttpRequest, referential: Referential) -> Numbers | None:
    """What rests on earlier versions, told to whoever may adopt a draft before they do."""
    user = request.user
    if not (user.is_authenticated and referential.is_draft and may(user, "adopt", referential)):
        return None
    return numbers(impact(referential, seen_by=user))


def _own_organisations(request: Request) -> list[Organisation]:
    own = list(Organisation.objects.administered_by(request.user.grants))
    if not own:
        raise Forbidden("can_administer")
    return own


def _found(request: HttpRequest, pk: uuid.UUID) -> Referential:
    visible = Referential.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("organisation", "replaced_by"), pk=pk)


def _import_form(
    request: Request, form: ImportForm, problems: tuple[Problem, ...] = (), *, status: int
) -> HttpResponse:
    found = [(place(problem), message(problem)) for problem in problems]
    context = {"form": form, "problems": found}
    return render(request, "assessments/referential_import.html", context, status=status)


def _what_changes(
    request: Request, seen: Preview, organisation: Organisation, token: str, *, status: int = 200
) -> HttpResponse:
    context = {
        "organisation": organisation,
        "seen": seen,
        "record": seen.record,
        "summary": summary(seen.difference) if seen.difference else None,
        "form": ConfirmForm(initial={"token": token}),
    }
    return render(request, "assessments/referential_changes.html", context, status=status)


def _stem(referential: Referential) -> str:
    return slugify(f"{referential.title} {referential.version}")[:80] or "referential"


def _file(content: bytes, content_type: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-cache"}
    return HttpResponse(content, content_type=content_type, headers=headers)

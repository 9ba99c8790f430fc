"""Every address of the product; the only place that names every app."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path, register_converter

from assessments.api import router as assessments_api
from assessments.views import (
    achievements,
    case,
    deadlines,
    defining,
    enrolments,
    evidence,
    programmes,
    referentials,
    secrets,
    submissions,
)
from badges.api import router as badges_api
from badges.views import badges, downloads, issuers, keys, partners, public_evidence, status, verify
from badges.views import mine as my_badges
from reviews.api import router as reviews_api
from reviews.views import (
    agreement,
    annotations,
    appeals,
    comment_picker,
    comments,
    flags,
    followed_notes,
    holds,
    home,
    judging,
    locks,
    marking,
    moderation,
    packets,
    pictures,
    queue,
    reports,
    reviews,
    skips,
    viewer,
)
from workbench import account, health, notification_pages, styleguide
from workbench.api import api
from workbench.api.notifications import router as notifications_api
from workbench.converters import SuffixConverter

register_converter(SuffixConverter, "suffix")

for api_router in (notifications_api, assessments_api, badges_api, reviews_api):
    api.add_router("", api_router)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("language/", account.set_language, name="set-language"),
    path("account/", account.account, name="account"),
    path("account/tokens/", account.create_token, name="create-token"),
    path("account/tokens/<uuid:pk>/revoke/", account.revoke_token, name="revoke-token"),
    path("account/notifications/", notification_pages.index, name="notifications"),
    path("account/notifications/read/", notification_pages.read, name="read-notifications"),
    path("account/notifications/choices/", notification_pages.choices, name="choose-notifications"),
    path("account/notifications/<uuid:pk>/open/", notification_pages.open_one, name="open-notification"),
    path("notifications/unsubscribe/<str:token>/", notification_pages.end, name="unsubscribe"),
    path("accounts/", include("allauth.account.urls")),
    # What is asked
    path("referentials/", referentials.index, name="referentials"),
    path("referentials/import/", referentials.import_page, name="import-referential"),
    path("referentials/import/confirm/", referentials.confirm, name="confirm-import"),
    path("referentials/<uuid:pk>", referentials.detail, name="referential"),
    path("referentials/<uuid:pk>/adopt/", referentials.adopt, name="adopt-referential"),
    path("referentials/<uuid:pk>/case.json", referentials.export_case, name="export-case"),
    path("referentials/<uuid:pk>/csv.zip", referentials.export_csv, name="export-csv"),
    path("ims/case/v1p1/CFPackages/<uuid:pk>", case.package, name="case-package"),
    path("ims/case/v1p1/CFDocuments/<uuid:pk>", case.document, name="case-document"),
    path("ims/case/v1p1/CFItems/<uuid:pk>", case.item, name="case-item"),
    path("achievements/define/<uuid:rubric>/", defining.define_achievement, name="define-achievement"),
    path("programmes/", programmes.index, name="programmes"),
    path("programmes/new/", defining.new_programme, name="new-programme"),
    path("programmes/<uuid:pk>/", programmes.detail, name="programme"),
    path("programmes/<uuid:pk>/review-days/", programmes.review_days, name="review-days"),
    path("programmes/<uuid:pk>/offer/", defining.offer, name="offer"),
    path("programmes/<uuid:pk>/people/", enrolments.people, name="programme-people"),
    path("programmes/<uuid:pk>/people/enrol/", enrolments.enrol, name="enrol"),
    path("programmes/<uuid:pk>/people/unenrol/", enrolments.unenrol, name="unenrol"),
    path("programmes/<uuid:pk>/people/appoint/", enrolments.appoint, name="appoint"),
    path("programmes/<uuid:pk>/people/dismiss/", enrolments.dismiss, name="dismiss"),
    # What is handed in
    path("submissions/", submissions.index, name="submissions"),
    path(
        "submissions/start/<uuid:programme>/<uuid:achievement>/", submissions.start, name="start-submission"
    ),
    path("submissions/<uuid:pk>/", submissions.detail, name="submission"),
    path("submissions/<uuid:pk>/submit/", submissions.submit, name="submit"),
    path("submissions/<uuid:pk>/withdraw/", submissions.withdraw, name="withdraw"),
    path("submissions/<uuid:pk>/evidence/add/", evidence.add, name="add-evidence"),
    path("submissions/<uuid:pk>/evidence/<uuid:evidence>/", evidence.edit, name="edit-evidence"),
    path("submissions/<uuid:pk>/evidence/<uuid:evidence>/remove/", evidence.remove, name="remove-evidence"),
    path("submissions/<uuid:pk>/evidence/<uuid:evidence>/reading/", secrets.reading, name="evidence-reading"),
    path("submissions/<uuid:pk>/evidence/<uuid:evidence>/secrets/", secrets.secrets, name="evidence-secrets"),
    path("submissions/<uuid:pk>/evidence/<uuid:evidence>/redact/", secrets.redact, name="redact-evidence"),
    path("submissions/<uuid:pk>/evidence/<uuid:evidence>/replace/", secrets.replace, name="replace-evidence"),
    path("files/<uuid:pk>/", evidence.download, name="evidence-file"),
    path("files/<uuid:pk>/view/", viewer.view, name="evidence-view"),
    path("files/<uuid:pk>/findings/", viewer.findings, name="evidence-findings"),
    path("files/<uuid:pk>/lines/", viewer.lines, name="evidence-lines"),
    path("files/<uuid:pk>/rules/", viewer.rules, name="evidence-rules"),
    path("files/<uuid:pk>/changes/", viewer.changes, name="evidence-changes"),
    path("files/<uuid:pk>/summary/", packets.summary, name="evidence-summary"),
    path("files/<uuid:pk>/packets/", packets.packets, name="evidence-packets"),
    path("files/<uuid:pk>/packets/<int:number>/", packets.packet, name="evidence-packet"),
    path("files/<uuid:pk>/document/", pictures.document, name="evidence-document"),
    path("files/<uuid:pk>/picture/", pictures.image, name="evidence-image"),
    path("files/<uuid:pk>/pages/<int:number>.png", pictures.page, name="evidence-page"),
    path("files/<uuid:pk>/picture.webp", pictures.picture, name="evidence-picture"),
    # What is judged
    path("queue/", queue.index, name="queue"),
    path("queue/next/", queue.claim_next, name="claim-next"),
    path("queue/<uuid:pk>/claim/", queue.claim, name="claim"),
    path("queue/<uuid:pk>/break-lock/", locks.break_lock, name="break-lock"),
    path("reviews/<uuid:pk>/", reviews.detail, name="review"),
    path("reviews/<uuid:pk>/scores/", reviews.scores, name="save-scores"),
    path("reviews/<uuid:pk>/heartbeat/", reviews.heartbeat, name="heartbeat"),
    path("reviews/<uuid:pk>/release/", reviews.release, name="release"),
    path("reviews/<uuid:pk>/skip/", skips.skip, name="skip"),
    path("reviews/<uuid:pk>/decide/", reviews.decide, name="decide"),
    path("reviews/<uuid:pk>/comments/", comment_picker.pick, name="comment-bank"),
    path("programmes/<uuid:pk>/agreement/", agreement.detail, name="agreement"),
    path("programmes/<uuid:pk>/agreement.csv", agreement.sheet, name="agreement-sheet"),
    path("programmes/<uuid:pk>/judging/", judging.index, name="judging"),
    path("programmes/<uuid:pk>/judging/marking/", marking.general, name="marking-policy"),
    path(
        "programmes/<uuid:pk>/judging/marking/<uuid:achievement>/",
        marking.of_achievement,
        name="achievement-marking-policy",
    ),
    path("programmes/<uuid:pk>/judging/deadlines/", deadlines.deadlines, name="deadlines"),
    path("programmes/<uuid:pk>/comments/", comments.index, name="programme-comments"),
    path("programmes/<uuid:pk>/comments/<uuid:comment>/", comments.comment, name="programme-comment"),
    path("reviews/<uuid:pk>/annotations/", annotations.annotate, name="annotate"),
    path("reviews/<uuid:pk>/annotations/<uuid:annotation>/", annotations.annotation, name="annotation"),
    path("reviews/<uuid:pk>/annotations/<uuid:annotation>/settle/", annotations.settle, name="settle-note"),
    path("submissions/<uuid:pk>/more-time/", deadlines.more_time, name="more-time"),
    path("submissions/<uuid:pk>/appeal/", appeals.file, name="file-appeal"),
    path("appeals/", appeals.index, name="appeals"),
    path("appeals/<uuid:pk>/", appeals.detail, name="appeal"),
    path("appeals/<uuid:pk>/withdraw/", appeals.withdraw, name="withdraw-appeal"),
    path("submissions/<uuid:pk>/hold/", holds.hold, name="hold"),
    path("holds/<uuid:pk>/lift/", holds.lift, name="lift-hold"),
    path("submissions/<uuid:pk>/flag/", flags.flag, name="flag"),
    path("submissions/<uuid:pk>/notes/", followed_notes.notes, name="notes"),
    path("submissions/<uuid:pk>/notes/<uuid:annotation>/reply/", followed_notes.reply, name="reply-to-note"),
    path("moderation/", moderation.index, name="moderation"),
    path("reports/", reports.index, name="reports"),
    path("reports/request/", reports.request_report, name="request-report"),
    path("reports/<uuid:pk>/", reports.detail, name="report"),
    path("reports/<uuid:pk>/file/", reports.download, name="report-file"),
    # What is earned
    path("my-badges/", my_badges.index, name="my-badges"),
    path("badges/<uuid:pk>", badges.detail, name="badge"),
    path("badges/<uuid:pk>.<suffix:suffix>", downloads.download, name="badge-file"),
    path("badges/<uuid:pk>/revoke/", badges.revoke, name="revoke-badge"),
    path("badges/<uuid:pk>/suspend/", badges.suspend, name="suspend-badge"),
    path("badges/<uuid:pk>/reinstate/", badges.reinstate, name="reinstate-badge"),
    path("achievements/<uuid:pk>", achievements.detail, name="achievement"),
    path("achievements/<uuid:pk>/image.png", issuers.achievement_image, name="achievement-image"),
    path("issuers/<slug:slug>", issuers.detail, name="issuer"),
    path("issuers/<slug:slug>/did.json", issuers.did_document, name="did-document"),
    path("issuers/<slug:slug>/jwks.json", issuers.jwks, name="issuer-jwks"),
    path("issuers/<slug:slug>/partners/", partners.index, name="partners"),
    path("issuers/<slug:slug>/partners/<uuid:pk>/remove/", partners.remove, name="remove-partner"),
    path("issuers/<slug:slug>/keys/", keys.index, name="keys"),
    path("issuers/<slug:slug>/keys/prepare/", keys.prepare, name="prepare-keys"),
    path("issuers/<slug:slug>/keys/rotate/", keys.rotate, name="rotate-key"),
    path("issuers/<slug:slug>/keys/<uuid:key>/compromise/", keys.compromise, name="compromise-key"),
    path("issuers/<slug:slug>/keys/<uuid:key>/resign/", keys.resign, name="resign-badges"),
    path("issuers/<slug:slug>/keys/register/", keys.register, name="key-register"),
    path("issuers/<slug:slug>/keys/register/<uuid:entry>/forget/", keys.forget, name="forget-witnesses"),
    path("status/<uuid:pk>", status.status_list, name="status-list"),
    path("evidence/<uuid:pk>", public_evidence.detail, name="public-evidence"),
    path("evidence/<uuid:pk>/file", public_evidence.download, name="public-evidence-file"),
    path("verify", verify.verify, name="verify"),
    path("verify/report", verify.report, name="verify-report"),
    path("api/v1/", api.urls),
]

if settings.DEBUG:
    urlpatterns.append(path("styleguide/", styleguide.styleguide, name="styleguide"))

handler403 = "workbench.errors.forbidden"
handler500 = "workbench.api.problems.server_error"

"""Make the badge of an approved decision: planned with the decision, signed by the worker, exactly once."""

import hashlib
import uuid
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from badges.approval import Approval
from badges.identifying import issuer_id, public_half
from badges.listing import sign_list
from badges.models import Credential, SigningKey
from badges.models.credential import CredentialQuerySet, CredentialState
from badges.models.signing_key import Algorithm
from badges.notices import ISSUED
from badges.openbadges.award import BadAward
from badges.openbadges.cohort import Cohort
from badges.openbadges.credential import CannotBuild
from badges.openbadges.proof import CannotSign, ProofInvalid
from badges.openbadges.vc_jwt import JwtSigner
from badges.placing import draw_place
from badges.publishing import published_key
from badges.rotating import active_key
from badges.signing import jwt_private_half, private_half
from badges.snapshot import freeze
from workbench.audit import record
from workbench.jobs import enqueue
from workbench.models import Job, User
from workbench.models.job import JobState
from workbench.notifying import notify

ISSUE = "issue-credential"
# One run issues at most so many badges of one achievement, storing them by the chunk.
COHORT = 500
CHUNK = 50
REFUSALS = (BadAward, CannotBuild, CannotSign, ProofInvalid)


@dataclass(frozen=True)
class Jwt:
    """The JWT form of a badge, and the key that signed it."""

    text: str
    key: SigningKey


@transaction.atomic
def plan(approval: Approval, *, by: User) -> Credential:
    """Reserve id, status index and key, and freeze the award, in the transaction of the decision.

    Planning the same decision again returns the credential that is planned already.
    """
    submission = approval.submission
    organisation = submission.programme.organisation
    existing = Credential.objects.filter(decision_id=approval.decision_id).first()
    if existing:
        return existing
    key = active_key(organisation)
    status_list, status_index = draw_place(organisation, issuer_id(key))
    validity = submission.achievement.validity
    credential = Credential(
        id=uuid.uuid4(),
        decision_id=approval.decision_id,
        organisation=organisation,
        programme=submission.programme,
        achievement=submission.achievement,
        learner=submission.learner,
        submission_id=submission.pk,
        signing_key=key,
        status_list=status_list,
        status_index=status_index,
        planned_at=approval.released_at,
        valid_until=approval.released_at + validity if validity else None,
    )
    credential.award = freeze(approval, credential).to_json()
    try:
        with transaction.atomic():
            credential.save(force_insert=True)
    except IntegrityError:
        return Credential.objects.get(decision_id=approval.decision_id)
    enqueue(ISSUE, credential.pk)
    record(
        by,
        "badge-planned",
        credential,
        decision=str(approval.decision_id),
        status_list=str(status_list.pk),
        key=str(credential.signing_key_id),
        manifest_sha256=submission.manifest_sha256,
    )
    return credential


def issue(credential_id: uuid.UUID) -> Credential:
    """Build, sign in both forms, check by the public path, then store; doing it again gives the same badge.

    What lost its key meanwhile (see ``compromising``) stays planned, and is asked for again with its new one.

    The slow part stays outside the transaction; storing is one conditional update: of two workers one stores.
    What was issued before the JWT form existed gets that form alone.
    """
    related = Credential.objects.select_related("signing_key__organisation", "status_list__organisation")
    credential = related.get(pk=credential_id)
    if credential.jwt:
        return credential
    jwt = jwt_of(credential)
    if credential.is_published:
        with transaction.atomic():
            _store_jwt(credential, jwt)
        return credential
    text = signed_text(credential)
    if not credential.status_list.signed:
        sign_list(credential.status_list)  # whoever gets the badge can look it up
    with transaction.atomic():
        _store(credential, text, jwt)
    return credential


def signed_text(credential: Credential) -> str:
    """The OpenBadgeCredential with its proof, as it is served for ever. Raises when it does not verify."""
    return _cohort(credential.signing_key).text(credential.award, credential.planned_at)


def issue_cohort(credential: Credential) -> int:
    """Issue what waits with the same achievement and key as ``credential`` too; returns how many.

    Of a group approved together each badge has a job of its own. The first job to run does the work of all in
    a fraction of the time, and the others find it done. What cannot be made is left to its own job.
    """
    cohort, refused, issued = _cohort(credential.signing_key), set[uuid.UUID](), 0
    jwt_key = _jwt_key(credential)
    for _chunk in range(COHORT // CHUNK):
        found, failed = _issue_chunk(cohort, jwt_key, credential, refused)
        refused |= failed
        issued += found
        if found + len(failed) < CHUNK:
            break
    return issued


@transaction.atomic
def _issue_chunk(
    cohort: Cohort, jwt_key: SigningKey, like: Credential, refused: set[uuid.UUID]
) -> tuple[int, set[uuid.UUID]]:
    """How many were issued, and which could not be.

    Signing takes half a millisecond here, so the rows stay locked meanwhile: another worker passes them over.
    """
    waiting = (
        Credential.objects.planned()
        .filter(achievement=like.achievement_id, signing_key=like.signing_key_id)
        .exclude(pk__in=refused)
        .select_for_update(skip_locked=True)
        .order_by("planned_at", "pk")[:CHUNK]
    )
    signer = _jwt_signer(jwt_key)
    made, failed = [], set()
    for credential in waiting:
        try:
            text = cohort.text(credential.award, credential.planned_at)
            made.append((credential, text, Jwt(cohort.jwt(credential.award, signer), jwt_key)))
        except REFUSALS:
            failed.add(credential.pk)
    for credential, text, jwt in made:
        _store(credential, text, jwt)
    return len(made), failed


def _store(credential: Credential, text: str, jwt: Jwt) -> None:
    now = timezone.now()
    stored = (
        Credential.objects.planned()
        .filter(pk=credential.pk, signing_key=credential.signing_key_id)
        .update(
            state=CredentialState.ISSUED,
            signed=text,
            signed_sha256=digest(text),
            issued_at=now,
            jwt=jwt.text,
            jwt_key=jwt.key,
            jwt_signed_at=now,
        )
    )
    credential.refresh_from_db()
    if stored:
        notify(credential.learner, ISSUED.code, credential, achievement=credential.achievement.names)
        record(
            None,
            "badge-issued",
            credential,
            sha256=credential.signed_sha256,
            jwt_sha256=digest(credential.jwt),
        )


def _store_jwt(credential: Credential, jwt: Jwt) -> None:
    """An ECDSA signature cannot be made twice, so of two workers the first one's text stays."""
    stored = (
        Credential.objects.without_jwt()
        .filter(pk=credential.pk)
        .update(jwt=jwt.text, jwt_key=jwt.key, jwt_signed_at=timezone.now())
    )
    credential.refresh_from_db()
    if stored:
        record(None, "badge-issued-as-jwt", credential, jwt_sha256=digest(credential.jwt))


def _cohort(key: SigningKey) -> Cohort:
    return Cohort(private_half(key), public_half(key))


def jwt_of(credential: Credential) -> Jwt:
    key = _jwt_key(credential)
    return Jwt(_cohort(credential.signing_key).jwt(credential.award, _jwt_signer(key)), key)


def _jwt_key(credential: Credential) -> SigningKey:
    return active_key(credential.signing_key.organisation, Algorithm.P256)


def _jwt_signer(key: SigningKey) -> JwtSigner:
    return JwtSigner(jwt_private_half(key), published_key(key))


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def reissue_planned() -> int:
    """Ask again for every planned credential that no job cares for any more; returns how many."""
    return _ask_again(Credential.objects.planned())


def sign_missing_jwts() -> int:
    """Ask for the JWT form of what was issued without; returns how many."""
    return _ask_again(Credential.objects.without_jwt())


def _ask_again(credentials: CredentialQuerySet) -> int:
    cared_for = Job.objects.filter(kind=ISSUE).exclude(state=JobState.DONE).values("subject_id")
    forgotten = list(credentials.exclude(pk__in=cared_for).values_list("pk", flat=True)[:1000])
    for pk in forgotten:
        enqueue(ISSUE, pk)
    return len(forgotten)

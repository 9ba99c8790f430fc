"""Make the badge of an approved decision: planned with the decision, signed by the worker, exactly once."""

import hashlib
import secrets
import uuid

from django.db import IntegrityError, transaction
from django.utils import timezone

from badges.approval import Approval
from badges.models import Credential, StatusList
from badges.models.credential import CredentialState
from badges.models.status_list import LENGTH
from badges.openbadges import parsing, proof
from badges.openbadges.award import Award
from badges.openbadges.credential import build
from badges.rotating import active_key, issuer_id, private_half, public_half
from badges.snapshot import freeze
from workbench.audit import record
from workbench.jobs import enqueue
from workbench.models import Job, Organisation, User
from workbench.models.job import JobState

ISSUE = "issue-credential"
# A list is closed when half full: random indexes stay quick to find, and each badge hides among many.
CLOSE_AT = LENGTH // 2


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
    status_list = _open_list(organisation, issuer_id(key))
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
        status_index=_free_index(status_list),
        planned_at=approval.decided_at,
        valid_until=approval.decided_at + validity if validity else None,
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
    """Build, sign, check by the public path, then store; doing it again gives the same badge.

    The slow part stays outside the transaction; storing is one conditional update: of two workers one stores.
    """
    credential = Credential.objects.select_related("signing_key__organisation").get(pk=credential_id)
    if credential.is_published:
        return credential
    text = signed_text(credential)
    with transaction.atomic():
        stored = (
            Credential.objects.planned()
            .filter(pk=credential.pk)
            .update(
                state=CredentialState.ISSUED,
                signed=text,
                signed_sha256=hashlib.sha256(text.encode()).hexdigest(),
                issued_at=timezone.now(),
            )
        )
        credential.refresh_from_db()
        if stored:
            record(None, "badge-issued", credential, sha256=credential.signed_sha256)
    return credential


def signed_text(credential: Credential) -> str:
    """The OpenBadgeCredential with its proof, as it is served for ever. Raises when it does not verify."""
    key = credential.signing_key
    award = Award.from_json(credential.award)
    signed = proof.sign(build(award), private_half(key), award.key.verification_method, credential.planned_at)
    text = parsing.serialise(signed)
    read = parsing.parse(text)
    proof.verify_proof(read, read["proof"][0], public_half(key))
    return text


def reissue_planned() -> int:
    """Ask again for every planned credential that no job cares for any more; returns how many."""
    cared_for = Job.objects.filter(kind=ISSUE).exclude(state=JobState.DONE).values("subject_id")
    forgotten = list(
        Credential.objects.planned().exclude(pk__in=cared_for).values_list("pk", flat=True)[:1000]
    )
    for pk in forgotten:
        enqueue(ISSUE, pk)
    return len(forgotten)


def _open_list(organisation: Organisation, issuer: str) -> StatusList:
    """The organisation's open list, locked until commit so that no index is drawn twice.

    A list is vouched for by the issuer of its badges, so a new issuer id (a new did:key, the move to
    https) begins a new list.
    """
    for _attempt in range(2):
        found = StatusList.objects.open_for(organisation).select_for_update().first()
        if found and (found.credentials.count() >= CLOSE_AT or _issuer_of(found) not in (issuer, None)):
            found.is_full = True
            found.save(update_fields=["is_full"])
            found = None
        if found:
            return found
        try:
            with transaction.atomic():
                return StatusList.objects.create(organisation=organisation)
        except IntegrityError:
            continue  # another transaction opened one first
    raise RuntimeError("no status list could be opened")


def _issuer_of(status_list: StatusList) -> str | None:
    """The issuer id that the badges of a list name; None while it has none."""
    award = status_list.credentials.order_by("pk").values_list("award", flat=True).first()
    return award["issuer"]["id"] if award else None


def _free_index(status_list: StatusList) -> int:
    """A random index nobody has: neighbours on the list say nothing about when badges were issued."""
    while True:
        index = secrets.randbelow(LENGTH)
        if not status_list.credentials.filter(status_index=index).exists():
            return index

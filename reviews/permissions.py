"""Rules about judging work."""

from assessments.models import Programme, Submission
from assessments.models.programme import OVERSEEING, STAFF
from assessments.permissions import can_manage, is_bound
from reviews.impartial import rulers
from reviews.models import Appeal, BankComment, Calibration, Decision, Exemplar, Review, Verification
from reviews.models.review import ReviewKind
from workbench.access import rule
from workbench.models import User


@rule
def can_claim(user: User, submission: Submission) -> bool:
    """An assessor of the programme; nobody reviews their own work, whatever roles they hold."""
    return submission.learner_id != user.pk and submission.programme_id in user.grants.ids("assess_programme")


@rule
def can_score(user: User, review: Review) -> bool:
    """The assessor who claimed, for as long as they hold the role."""
    return review.assessor_id == user.pk and can_claim(user, review.submission)


@rule
def can_decide(user: User, review: Review) -> bool:
    return can_score(user, review)


@rule
def can_break_lock(user: User, submission: Submission) -> bool:
    """Managers and moderators take work back from an assessor who left it; never on their own work."""
    return submission.learner_id != user.pk and submission.programme_id in user.grants.any_of(OVERSEEING)


@rule
def can_assign(user: User, submission: Submission) -> bool:
    """Managers and moderators say who reviews a piece of work; never of their own, nor in a conflict."""
    return can_break_lock(user, submission) and not is_bound(user, submission)


@rule
def can_moderate(user: User, submission: Submission) -> bool:
    """A moderator of the programme without a part in judging it; not their own work, not under a conflict."""
    if submission.learner_id == user.pk or submission.programme_id not in user.grants.ids(
        "moderate_programme"
    ):
        return False
    if Review.objects.judging(user).filter(submission=submission).exists():
        return False
    return not is_bound(user, submission)


@rule
def can_compare_markings(user: User, submission: Submission) -> bool:
    """Read what several markers gave, before the decision: who oversees the programme and marked nothing."""
    if submission.learner_id == user.pk or submission.programme_id not in user.grants.any_of(OVERSEEING):
        return False
    mine = Review.objects.taking_part(user).filter(submission=submission, kind=ReviewKind.MARKING)
    return not mine.exists()


@rule
def can_oversee(user: User, programme: Programme) -> bool:
    """See how a programme is judged: sampling, agreement, appeals. Moderators and managers."""
    return programme.pk in user.grants.any_of(OVERSEEING)


@rule
def can_see_own_agreement(user: User, programme: Programme) -> bool:
    """An assessor learns how their own marks compare with those of the others taken together."""
    return programme.pk in user.grants.ids("assess_programme")


@rule
def can_report(user: User, programme: Programme) -> bool:
    """Reports name learners and their results."""
    return can_manage(user, programme)


@rule
def can_share_comments(user: User, programme: Programme) -> bool:
    """Whoever assesses, moderates or manages reads the comment bank and adds to it."""
    return programme.pk in user.grants.any_of(STAFF)


@rule
def can_change_comment(user: User, comment: BankComment) -> bool:
    """Its author for as long as they work in the programme; moderators and managers, whoever wrote it."""
    works = STAFF if comment.author_id == user.pk else OVERSEEING
    return comment.programme_id in user.grants.any_of(works)


@rule
def can_flag(user: User, submission: Submission) -> bool:
    """Whoever works in the programme asks for a second look, reads why and clears it; its learner never."""
    if submission.learner_id == user.pk or submission.submitted_at is None:
        return False
    return submission.programme_id in user.grants.any_of(STAFF)


@rule
def can_appeal(user: User, decision: Decision) -> bool:
    """The learner whose work it is."""
    return decision.submission.learner_id == user.pk


@rule
def can_rule_on(user: User, appeal: Appeal) -> bool:
    """A moderator who took no part; where there is none, a manager who took none. Never on one's own."""
    return rulers(appeal.decision.submission).filter(pk=user.pk).exists()


@rule
def can_investigate(user: User, submission: Submission) -> bool:
    """Hold work back and end that: who oversees the programme, never their own, nor under a conflict."""
    if submission.learner_id == user.pk or submission.programme_id not in user.grants.any_of(OVERSEEING):
        return False
    return Submission.objects.visible_to(user).filter(pk=submission.pk).exists()


@rule
def can_condemn(user: User, submission: Submission) -> bool:
    """End an investigation by rejecting the work; where that answers an appeal, nobody who took part."""
    if not can_investigate(user, submission):
        return False
    if not submission.is_appealed:
        return True
    checked = Verification.objects.filter(moderator=user, review__submission=submission)
    return not (checked.exists() or Review.objects.judging(user).filter(submission=submission).exists())


@rule
def can_exemplify(user: User, submission: Submission) -> bool:
    """Make an exemplar of it: who oversees the programme, never of their own work or under a conflict."""
    if submission.learner_id == user.pk or submission.programme_id not in user.grants.any_of(OVERSEEING):
        return False
    return Submission.objects.visible_to(user).filter(pk=submission.pk).exists()


@rule
def can_calibrate(user: User, exemplar: Exemplar) -> bool:
    """Score an exemplar in use: an assessor of the programme to whom the work says nothing yet."""
    if not exemplar.is_in_use or exemplar.programme_id not in user.grants.ids("assess_programme"):
        return False
    one = Exemplar.objects.filter(pk=exemplar.pk)
    return one.visible_to(user).exists() and not one.known_to_person(user).exists()


@rule
def can_score_exemplar(user: User, calibration: Calibration) -> bool:
    """Whoever began the try, for as long as they assess in the programme."""
    exemplar = calibration.exemplar
    if calibration.assessor_id != user.pk or exemplar.programme_id not in user.grants.ids("assess_programme"):
        return False
    return Exemplar.objects.visible_to(user).filter(pk=exemplar.pk).exists()


@rule
def can_reopen_calibration(user: User, calibration: Calibration) -> bool:
    """Let an assessor try again at once: who oversees the programme, never for themselves."""
    exemplar = calibration.exemplar
    if calibration.assessor_id == user.pk or exemplar.programme_id not in user.grants.any_of(OVERSEEING):
        return False
    return Exemplar.objects.visible_to(user).filter(pk=exemplar.pk).exists()


@rule
def can_read_agreed_levels(user: User, exemplar: Exemplar) -> bool:
    """Who oversees and does not assess, who knows the work, and who has scored it and has no try open."""
    one = Exemplar.objects.filter(pk=exemplar.pk)
    if not one.visible_to(user).exists():
        return False
    if exemplar.programme_id not in user.grants.ids("assess_programme"):
        return True
    tries = Calibration.objects.filter(exemplar__submission=exemplar.submission_id, assessor=user)
    if tries.open().exists():
        return False
    return tries.scored().exists() or one.known_to_person(user).exists()

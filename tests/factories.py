"""Make the things that stories need, with sensible values for all that a story does not mention."""

import itertools
import threading
import uuid
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import connections
from django.utils import timezone

from assessments.analysing import examine
from assessments.evidencing import Description, add_file, add_text
from assessments.models import (
    Achievement,
    Competency,
    Criterion,
    Enrolment,
    Evidence,
    Level,
    Programme,
    Referential,
    RequiredLevel,
    Rubric,
    RubricMove,
    Submission,
)
from assessments.models.evidence import Visibility
from assessments.submitting import start, submit
from badges.models import TrustedIssuer
from reviews.annotating import Anchor, annotate
from reviews.appealing import appeal
from reviews.claiming import claim
from reviews.commenting import share
from reviews.deciding import decide
from reviews.exemplifying import Agreed, agree, answer, make, publish
from reviews.flagging import flag as raise_flag
from reviews.models import (
    ActionPoint,
    Appeal,
    BankComment,
    Decision,
    Exemplar,
    Review,
    SamplingPolicy,
    Verification,
)
from reviews.models.annotation import Unit
from reviews.models.decision import Outcome
from reviews.models.verification import Stage, Verdict
from reviews.scoring import Mark, save_scores
from workbench.access import grant_role
from workbench.models import Organisation, User
from workbench.uploads import DigestedFile, digested

numbers = itertools.count(1)

RULES = b"""*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
-A INPUT -i lo -j ACCEPT
-A INPUT -p tcp -s 192.0.2.0/24 --dport 22 -j ACCEPT
-A INPUT -j LOG --log-prefix "dropped: "
COMMIT
"""


# A note with two secrets: a password in line 2, a password hash in line 3.
WITH_SECRET = b"""Notes of the lab
password = S3cr3t!passw0rd
enable secret 5 $1$mERr$hx5rVt7rPNoS4wqbXKX7m0
"""


def make_user(name: str, **fields: Any) -> User:
    email = fields.pop("email", f"{name.split(maxsplit=1)[0].lower()}@example.org")
    return User.objects.create_user(email=email, password=fields.pop("password", None), name=name, **fields)


def make_organisation(slug: str = "", **fields: Any) -> Organisation:
    slug = slug or f"organisation-{next(numbers)}"
    return Organisation.objects.create(slug=slug, name=fields.pop("name", slug.title()), **fields)


def make_referential(organisation: Organisation, **fields: Any) -> Referential:
    values: dict[str, Any] = {
        "identifier": "6a0b0e6e-6f5f-4d3e-8d5a-9b7c1a2f3e4d",
        "version": f"{next(numbers)}.0",
        "titles": {"en": "IT competencies", "fr": "Compétences informatiques", "nl": "IT-competenties"},
        "adoption_status": "adopted",
        "content_digest": "0" * 64,
    }
    return Referential.objects.create(organisation=organisation, **(values | fields))


def make_rubric(referential: Referential, criteria: int = 2, levels: int = 4) -> Rubric:
    """Criteria C1, C2 … with levels of 0, 1, 2 … points at positions 1, 2, 3 …"""
    rubric = Rubric.objects.create(
        referential=referential, identifier=_uuid(), titles={"en": "Firewall rubric", "fr": "Grille pare-feu"}
    )
    competency = Competency.objects.create(
        referential=referential,
        identifier=_uuid(),
        human_code="FW",
        full_statements={"en": "Manages a firewall", "fr": "Gère un pare-feu", "nl": "Beheert een firewall"},
    )
    for number in range(1, criteria + 1):
        criterion = Criterion.objects.create(
            rubric=rubric,
            identifier=_uuid(),
            code=f"C{number}",
            titles={"en": f"Criterion {number}", "fr": f"Critère {number}", "nl": f"Criterium {number}"},
            competency=competency,
            weight=Decimal(1),
            position=number,
        )
        for step in range(levels):
            Level.objects.create(
                criterion=criterion,
                identifier=_uuid(),
                qualities={"en": f"Level {step}", "fr": f"Niveau {step}", "nl": f"Niveau {step}"},
                descriptions={"en": f"Shows {step} of {levels - 1} things."},
                points=Decimal(step),
                position=step + 1,
            )
    return rubric


def make_achievement(organisation: Organisation, rubric: Rubric | None = None, **fields: Any) -> Achievement:
    """By default every criterion must reach its third level (2 points)."""
    rubric = rubric or make_rubric(make_referential(organisation))
    required = fields.pop("required_position", 3)
    achievement = Achievement.objects.create(
        organisation=organisation,
        rubric=rubric,
        code=fields.pop("code", f"firewall-{next(numbers)}"),
        names=fields.pop(
            "names", {"en": "Firewall management", "fr": "Gestion de pare-feu", "nl": "Firewallbeheer"}
        ),
        descriptions={"en": "Plans, writes and proves a firewall's rules."},
        narratives={"en": "Every criterion of the rubric reaches the required level."},
        **fields,
    )
    achievement.competencies.set(Competency.objects.filter(referential=rubric.referential))
    for criterion in rubric.criteria.all():
        RequiredLevel.objects.create(
            achievement=achievement, criterion=criterion, level=criterion.levels.get(position=required)
        )
    return achievement


def make_programme(organisation: Organisation, *achievements: Achievement, **fields: Any) -> Programme:
    values: dict[str, Any] = {
        "slug": f"pilot-{next(numbers)}",
        "names": {"en": "Cybersecurity pilot", "fr": "Pilote cybersécurité", "nl": "Pilot cyberbeveiliging"},
        "starts_on": timezone.localdate() - timedelta(days=30),
    }
    programme = Programme.objects.create(organisation=organisation, **(values | fields))
    programme.achievements.set(achievements)
    return programme


def enrol(programme: Programme, *learners: User) -> None:
    for learner in learners:
        Enrolment.objects.get_or_create(programme=programme, learner=learner)


def grant(person: User, role: str, scope: Programme | Organisation) -> None:
    grant_role(person, role, scope, by=None)


def upload(content: bytes = RULES, name: str = "rules.v4", content_type: str = "text/plain") -> DigestedFile:
    return digested(content, name, content_type)


def describe(submission: Submission, **fields: Any) -> Description:
    """A description that supports every criterion of the rubric."""
    criteria = fields.pop("criteria", None) or submission.achievement.criteria
    values: dict[str, Any] = {
        "title": "Rules of the branch firewall",
        "narrative": "Written for a branch office with a guest network.",
        "visibility": Visibility.PUBLIC,
        "supports": dict.fromkeys(criteria, "See the comments in the file."),
    }
    return Description(**(values | fields))


def make_draft(learner: User, programme: Programme, achievement: Achievement | None = None) -> Submission:
    achievement = achievement or programme.achievements.get()
    return start(programme, achievement, by=learner)


def make_evidence(submission: Submission, **fields: Any) -> Evidence:
    content = fields.pop("content", RULES)
    name = fields.pop("name", "rules.v4")
    description = describe(submission, **fields)
    return add_file(submission, upload(content, name), description, by=submission.learner)


def make_text(submission: Submission, text: str = "I ordered the rules by use.", **fields: Any) -> Evidence:
    return add_text(submission, text, describe(submission, **fields), by=submission.learner)


def make_submission(
    learner: User, programme: Programme, achievement: Achievement | None = None
) -> Submission:
    """Handed in, with one public firewall configuration that was read."""
    draft = make_draft(learner, programme, achievement)
    item = make_evidence(draft)
    examine(item.blob.analysis.pk)
    return submit(draft, declaration=True, by=learner)


def make_review(submission: Submission, assessor: User, *, position: int | None = 3) -> Review:
    """Claimed, and scored at one position throughout (None: not scored)."""
    review = claim(submission, by=assessor)
    if position is None:
        return review
    marks = [
        Mark(criterion, criterion.levels.get(position=position), "Well argued.")
        for criterion in submission.achievement.rubric.criteria.all()
    ]
    return save_scores(review, version=review.version, marks=marks, by=assessor)


def scored(submission: Submission, assessor: User, *positions: int | None) -> Review:
    """Claimed, with one position a criterion (None: no level)."""
    review = claim(submission, by=assessor)
    marks = [
        Mark(criterion, criterion.levels.get(position=position), f"{assessor.name}: {position}.")
        for criterion, position in zip(submission.achievement.criteria, positions, strict=True)
        if position
    ]
    return save_scores(review, version=review.version, marks=marks, by=assessor)


def zebra(submission: Submission, assessor: User, *, flag: bool = True) -> Review:
    """Claimed and scored 2 and 3, with words that are easily found in each place where words fit."""
    review = claim(submission, by=assessor)
    marks = [
        Mark(criterion, criterion.levels.get(position=position), "ZEBRA-COMMENT")
        for criterion, position in zip(submission.achievement.criteria, (2, 3), strict=True)
    ]
    review = save_scores(review, version=1, marks=marks, feedback="ZEBRA-FEEDBACK", by=assessor)
    item = submission.evidence.all()[0]
    annotate(review, item, Anchor(Unit.LINE, 7), text="ZEBRA-NOTE", by=assessor)
    if flag:
        raise_flag(submission, note="ZEBRA-FLAG", by=assessor)
    return review


def make_decision(
    submission: Submission, assessor: User, outcome: Outcome = Outcome.APPROVE, feedback: str = "Good work."
) -> Decision:
    review = make_review(submission, assessor, position=3 if outcome == Outcome.APPROVE else 2)
    return decide(review, outcome=outcome, feedback=feedback, by=assessor)


def make_appeal(decision_id: uuid.UUID, reason: str = "The log stands in line 8.") -> Appeal:
    decision = Decision.objects.select_related("submission__learner").get(pk=decision_id)
    return appeal(decision, reason=reason, by=decision.submission.learner)


def make_comment(programme: Programme, author: User, **fields: Any) -> BankComment:
    """A comment of the bank, on the first criterion unless a story says which."""
    criterion = fields.pop("criterion", None) or programme.achievements.all()[0].criteria[0]
    text = fields.pop("text", f"Well argued ({next(numbers)}).")
    language = fields.pop("language", "en")
    comment = share(programme, criterion, text=text, language=language, by=author)
    BankComment.objects.filter(pk=comment.pk).update(**fields)
    comment.refresh_from_db()
    return comment


def make_partner(organisation: Organisation, **fields: Any) -> TrustedIssuer:
    """An issuer elsewhere that the organisation knows; the same one when asked again."""
    identifier = fields.pop("identifier", "did:web:badges.mons.example:issuers:mons")
    found = TrustedIssuer.objects.filter(organisation=organisation, identifier=identifier).first()
    if found:
        return found
    by = fields.pop("by", None) or make_user(f"Quinn{next(numbers)} Partner")
    name = fields.pop("name", "Université de Mons")
    return TrustedIssuer.objects.create(
        organisation=organisation, identifier=identifier, name=name, added_by=by, **fields
    )


def make_exemplar(
    submission: Submission, by: User, *, position: int = 3, name: str = "", published: bool = True
) -> Exemplar:
    """Of decided work: every criterion agreed at one position, its learner agrees, in use unless told."""
    exemplar = make(submission, name=name or f"Exemplar {next(numbers)}", by=by)
    levels = [
        Agreed(criterion, criterion.levels.get(position=position), f"Because of {criterion.code}.")
        for criterion in submission.achievement.rubric.criteria.all()
    ]
    exemplar = agree(exemplar, name=exemplar.name, note="A branch office.", levels=levels, by=by)
    if published:
        answer(exemplar, agrees=True, by=submission.learner)
        exemplar = publish(exemplar, looked_through=True, by=by)
    return exemplar


def _uuid() -> str:
    return str(uuid.uuid4())


def at_once(act: Callable[[Any], Any], arguments: Iterable[Any]) -> list[Any]:
    """Run ``act`` for every argument in a thread of its own, all at once; results, or the errors raised."""
    arguments = list(arguments)
    gate = threading.Barrier(len(arguments))

    def run(argument: Any) -> Any:
        gate.wait(timeout=30)
        try:
            return act(argument)
        except Exception as error:  # noqa: BLE001 (the test looks at it)
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(arguments)) as pool:
        return list(pool.map(run, arguments))


def make_move(submission: Submission) -> RubricMove:
    """An open offer to go on under version 2.0, which rests on a rubric of its own."""
    old = submission.achievement
    found = RubricMove.objects.filter(submission=submission).first()
    if found:
        return found
    new = make_achievement(old.organisation, code=old.code, version="2.0", replaces=old)
    submission.programme.achievements.add(new)
    return RubricMove.objects.create(submission=submission, old=old, new=new, offered_by=make_user("Max Op"))


def make_sampling(programme: Programme, **fields: Any) -> SamplingPolicy:
    """Nothing is checked but by what a story names."""
    values: dict[str, Any] = {
        "share": 0,
        "least_share": 0,
        "tapers": False,
        "first_decisions": 0,
        "each_pair": False,
        "low_agreement": False,
        "borderline": False,
        "fast": False,
    }
    return SamplingPolicy.objects.update_or_create(programme=programme, defaults=values | fields)[0]


def make_held(submission: Submission, assessor: User, outcome: Outcome = Outcome.APPROVE) -> Decision:
    """Decided, and held for a moderator; afterwards the programme samples nothing."""
    policy = make_sampling(submission.programme, share=100, only_approvals=False)
    decision = make_decision(submission, assessor, outcome)
    policy.delete()
    return decision


def make_point(review: Review, moderator: User, text: str = "Say which rule you mean.") -> ActionPoint:
    """A point that a moderator wrote while the review was going on."""
    check = Verification.objects.create(
        review=review, moderator=moderator, stage=Stage.INTERIM, verdict=Verdict.RETURNED, words="Look again."
    )
    return ActionPoint.objects.create(verification=check, text=text)

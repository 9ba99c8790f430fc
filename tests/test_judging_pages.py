"""The pages of judging by several: how it is prescribed, what markers see, and how a moderator settles it."""

import re
from html import unescape

import pytest
from django.urls import reverse

from assessments.models import Submission
from assessments.models.lifecycle import State
from reviews.deciding import decide
from reviews.models import Decision, MarkingPolicy, Review
from reviews.models.decision import Outcome
from reviews.models.policy import Choice, Markers
from reviews.models.review import EvidenceRule
from reviews.prescribing import Rules, prescribe
from tests import factories

FORM = {"markers": "double_open", "tolerance": "1", "choice": "lower", "asks_rules": "on"}


def signed_in(client, person):
    client.force_login(person)
    return client


def text_of(answer) -> str:
    plain = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return " ".join(unescape(plain).split())


# --- Prescribing -----------------------------------------------------------------------------------------


def test_mo_finds_every_part_with_its_present_setting(client, programme, mo):
    prescribe(programme, Rules(Markers.DOUBLE_BLIND, third_marker=True, hides_learner=True), by=mo)
    told = text_of(signed_in(client, mo).get(reverse("judging", args=[programme.pk])))
    assert "Two assessors mark, neither sees the other's marking." in told
    assert "Where they differ a third assessor marks, then a moderator." in told
    assert "Assessors do not see whose work it is." in told
    page = client.get(reverse("programme", args=[programme.pk])).content.decode()
    assert reverse("judging", args=[programme.pk]) in page


def test_mo_prescribes_and_the_page_says_so(client, programme, mo):
    address = reverse("marking-policy", args=[programme.pk])
    answer = signed_in(client, mo).post(address, FORM, follow=True)
    policy = MarkingPolicy.objects.get()
    assert Rules.of(policy) == Rules("double_open", False, 1, "lower", False, True)
    assert "It holds for every marking that ends from now on." in text_of(answer)
    assert 'value="double_open" required id="id_markers_2" checked' in answer.content.decode()


def test_what_is_no_rule_is_refused_beside_its_field(client, programme, mo):
    address = reverse("marking-policy", args=[programme.pk])
    for wrong in ({"markers": "five"}, {"tolerance": "2"}, {"choice": ""}):
        answer = signed_in(client, mo).post(address, FORM | wrong)
        assert answer.status_code == 422
        assert "has-errors" in answer.content.decode()
    assert not MarkingPolicy.objects.exists()


def test_the_examples_tell_what_the_rules_do(client, programme, mo):
    prescribe(programme, Rules(Markers.DOUBLE_BLIND, tolerance=1, choice=Choice.LOWER), by=mo)
    address = reverse("marking-policy", args=[programme.pk])
    told = text_of(signed_in(client, mo).get(address))
    assert "Levels 3 and 4 level 3 counts, the lower one" in told
    assert "Levels 2 and 3 a moderator decides" in told
    part = client.get(
        address,
        {"markers": "double_blind", "third_marker": "on", "tolerance": "9"},
        headers={"HX-Request": "true"},
    )
    assert part.templates[0].name == "reviews/judging/_examples.html"
    assert "a third assessor marks, then a moderator if need be" in text_of(part)
    alone = client.get(address, {"markers": "single"}, headers={"HX-Request": "true"})
    assert "What the assessor gives counts." in text_of(alone)


def test_mo_is_warned_where_fewer_assess_than_the_rules_ask_for(client, programme, mo, bo, bea):
    address = reverse("marking-policy", args=[programme.pk])
    words = "Fewer people assess in this programme than these rules ask for"
    prescribe(programme, Rules(Markers.DOUBLE_BLIND), by=mo)
    assert words not in text_of(signed_in(client, mo).get(address))
    prescribe(programme, Rules(Markers.DOUBLE_BLIND, third_marker=True), by=mo)
    assert words in text_of(client.get(address))


def test_an_achievement_gets_rules_of_its_own_and_gives_them_up(client, programme, achievement, mo):
    general = reverse("marking-policy", args=[programme.pk])
    own = reverse("achievement-marking-policy", args=[programme.pk, achievement.pk])
    signed_in(client, mo).post(own, FORM)
    assert MarkingPolicy.objects.get().achievement == achievement
    assert "its own" in text_of(client.get(general))
    client.post(own, {"general": "1"})
    assert not MarkingPolicy.objects.exists()
    assert "its own" not in text_of(client.get(general))


def test_an_achievement_that_is_not_offered_has_no_page(client, programme, organisation, mo):
    other = factories.make_achievement(organisation, code="other")
    address = reverse("achievement-marking-policy", args=[programme.pk, other.pk])
    assert signed_in(client, mo).get(address).status_code == 404


# --- Marking ---------------------------------------------------------------------------------------------


@pytest.fixture
def handed_in(ada, programme) -> Submission:
    return factories.make_submission(ada, programme)


def review_page(client, review):
    return client.get(reverse("review", args=[review.pk]))


def test_a_blind_marker_is_told_so_and_finishes_a_marking(client, programme, mo, bo, handed_in):
    prescribe(programme, Rules(Markers.DOUBLE_BLIND), by=mo)
    review = factories.scored(handed_in, bo, 3, 3)
    page = text_of(review_page(signed_in(client, bo), review))
    assert "The other's marking stays hidden until both are done." in page
    assert "Finish my marking" in page
    answer = client.post(reverse("decide", args=[review.pk]), {"outcome": "approve"}, follow=True)
    told = text_of(answer)
    assert "Your marking is kept." in told
    assert "Another assessor marks the work before it is decided." in told
    assert "Finish my marking" not in told
    assert "data-editable" not in answer.content.decode()


def test_one_assessor_alone_decides_as_before(client, bo, handed_in):
    review = factories.scored(handed_in, bo, 3, 3)
    page = text_of(review_page(signed_in(client, bo), review))
    assert "Finish my marking" not in page
    assert "You are one of two assessors" not in page


def test_the_second_open_marker_sees_the_first_ones_levels_and_comments(
    client, programme, mo, bo, bea, handed_in
):
    prescribe(programme, Rules(Markers.DOUBLE_OPEN), by=mo)
    first = factories.scored(handed_in, bo, 3, 4)
    assert "The second one sees your marking." in text_of(review_page(signed_in(client, bo), first))
    decide(first, outcome=Outcome.APPROVE, feedback="", by=bo)
    second = factories.scored(handed_in, bea, None, None)
    page = text_of(review_page(signed_in(client, bea), second))
    assert "What the first one gave stands beside each criterion." in page
    assert "First marker: Level 2" in page
    assert "First marker: Level 3" in page
    assert "Bo Maes: 4." in page


def test_a_third_blind_marker_knows_that_two_differ_and_no_more(client, programme, mo, bo, bea, handed_in):
    carl = factories.make_user("Carl Third")
    factories.grant(carl, "assessor", programme)
    prescribe(programme, Rules(Markers.DOUBLE_BLIND, third_marker=True), by=mo)
    decide(factories.scored(handed_in, bo, 3, 3), outcome=Outcome.APPROVE, feedback="", by=bo)
    decide(factories.scored(handed_in, bea, 2, 3), outcome=Outcome.RETURN, feedback="Log.", by=bea)
    page = text_of(review_page(signed_in(client, carl), factories.scored(handed_in, carl, None, None)))
    assert "You are the third assessor: the first two differ." in page
    assert "First marker" not in page


def test_the_boxes_of_the_rules_are_kept_with_the_scores(client, bo, handed_in):
    review = factories.scored(handed_in, bo, 3, 3)
    address = reverse("save-scores", args=[review.pk])
    signed_in(client, bo).post(
        address, {"version": "2", "met-asked": "1", "met-valid": "on", "met-current": "on"}
    )
    review.refresh_from_db()
    assert review.met == ["valid", "current"]
    client.post(address, {"version": "3"})  # a page without the boxes changes none of them
    review.refresh_from_db()
    assert review.met == ["valid", "current"]
    client.post(address, {"version": "4", "met-asked": "1"})
    review.refresh_from_db()
    assert review.met == []


def test_a_refused_decision_keeps_the_boxes(client, programme, mo, bo, handed_in):
    prescribe(programme, Rules(asks_rules=True), by=mo)
    review = factories.scored(handed_in, bo, 3, 3)
    sent = {"version": "2", "outcome": "approve", "met-asked": "1", "met-valid": "on"}
    answer = signed_in(client, bo).post(reverse("decide", args=[review.pk]), sent)
    assert answer.status_code == 422
    assert "Confirm all four rules of evidence" in text_of(answer)
    assert 'name="met-valid" value="on" checked' in answer.content.decode()
    sent |= {f"met-{rule}": "on" for rule in EvidenceRule} | {"version": "3"}
    client.post(reverse("decide", args=[review.pk]), sent)
    assert Decision.objects.get().review.met == list(EvidenceRule)


# --- Settling --------------------------------------------------------------------------------------------


@pytest.fixture
def disputed(programme, mo, bo, bea, handed_in) -> Submission:
    prescribe(programme, Rules(Markers.DOUBLE_BLIND), by=mo)
    decide(factories.scored(handed_in, bo, 3, 4), outcome=Outcome.APPROVE, feedback="Clear.", by=bo)
    decide(factories.scored(handed_in, bea, 2, 4), outcome=Outcome.RETURN, feedback="Log more.", by=bea)
    handed_in.refresh_from_db()
    return handed_in


def fields(submission, first: int | None, **more):
    one, two = submission.achievement.criteria
    levels = {f"level-{one.pk}": str(one.levels.get(position=first).pk)} if first else {}
    marked = Review.objects.complete().filter(submission=submission)
    return {
        **levels,
        f"level-{two.pk}": str(two.levels.get(position=4).pk),
        f"reason-{one.pk}": "Line 12 logs it.",
        f"comment-{one.pk}": "Logged, in line 12.",
        "outcome": "approve",
        "feedback": "Good work.",
        "reason": "The log is there.",
        "markings": ",".join(str(one.pk) for one in marked),
    } | more


def test_cy_sees_both_markings_side_by_side(client, cy, disputed):
    answer = signed_in(client, cy).get(reverse("disagreement", args=[disputed.pk]))
    page = text_of(answer)
    for told in (
        "First marker Bo Maes",
        "Second marker Bea Lambert",
        "a person has to choose",
        "1 level apart",
        "on both sides of the required level",
        "the markers agree",
        "Clear. Log more.",
        "Bo Maes: 3. Bea Lambert: 2.",
        "Ada Delcourt",
    ):
        assert told in page, told
    assert "Clear.\n\nLog more." in answer.content.decode()
    listed = client.get(reverse("moderation")).content.decode()
    assert reverse("disagreement", args=[disputed.pk]) in listed


def test_cy_settles_it_without_scripts(client, cy, disputed):
    answer = signed_in(client, cy).post(reverse("disagreement", args=[disputed.pk]), fields(disputed, 3))
    assert answer.status_code == 302
    decision = Decision.objects.get()
    assert (decision.outcome, decision.feedback, decision.moderated) == ("approve", "Good work.", True)
    assert decision.results[0]["comment"] == "Logged, in line 12."
    again = client.post(reverse("disagreement", args=[disputed.pk]), fields(disputed, 3))
    assert again.status_code == 409
    assert "This work was decided already." in text_of(again)
    assert Decision.objects.count() == 1


@pytest.mark.parametrize(
    ("first", "more", "told"),
    [
        (None, {}, "Choose a level where the markers disagree."),
        (2, {}, "do not reach what the achievement asks"),
        (3, {"reason": ""}, "Say why you decide so"),
        (3, {"outcome": ""}, "Choose what you decide"),
        (3, {"outcome": "return", "feedback": " "}, "Tell the learner why"),
        (3, {"markings": "nonsense"}, "The markings changed meanwhile."),
    ],
)
def test_nothing_that_cy_typed_is_lost_when_it_is_refused(client, cy, disputed, first, more, told):
    sent = fields(disputed, first, **more)
    answer = signed_in(client, cy).post(reverse("disagreement", args=[disputed.pk]), sent)
    page = answer.content.decode()
    assert answer.status_code in (409, 422)
    assert told in text_of(answer)
    for words in ("Line 12 logs it.", "Logged, in line 12.", sent["feedback"].strip(), sent["reason"]):
        assert words in page
    if first:
        one = disputed.achievement.criteria[0]
        assert f'value="{one.levels.get(position=first).pk}" checked' in page
    if sent["outcome"]:
        assert f'value="{sent["outcome"]}" checked' in page
    assert not Decision.objects.exists()


def test_mo_reads_it_and_settles_nothing(client, mo, disputed):
    address = reverse("disagreement", args=[disputed.pk])
    page = signed_in(client, mo).get(address)
    assert "A moderator who took no part settles this." in text_of(page)
    assert "data-decide" not in page.content.decode()
    assert client.post(address, fields(disputed, 3)).status_code == 403


def test_a_marker_who_moderates_too_opens_it_not_at_all(client, programme, bo, disputed):
    factories.grant(bo, "moderator", programme)
    address = reverse("disagreement", args=[disputed.pk])
    assert signed_in(client, bo).get(address).status_code == 403
    assert client.post(address, fields(disputed, 3)).status_code == 403


def test_once_it_is_settled_the_page_says_so(client, cy, mo, disputed):
    signed_in(client, cy).post(reverse("disagreement", args=[disputed.pk]), fields(disputed, 3))
    answer = signed_in(client, mo).get(reverse("disagreement", args=[disputed.pk]))
    assert "There is nothing to settle on this work any more." in text_of(answer)


def test_words_of_markers_are_text_and_no_markup(client, programme, mo, bo, bea, cy, handed_in):
    prescribe(programme, Rules(Markers.DOUBLE_BLIND), by=mo)
    attack = "</textarea><script>alert(1)</script>"
    decide(factories.scored(handed_in, bo, 3, 4), outcome=Outcome.APPROVE, feedback=attack, by=bo)
    decide(factories.scored(handed_in, bea, 2, 4), outcome=Outcome.RETURN, feedback=attack, by=bea)
    page = signed_in(client, cy).get(reverse("disagreement", args=[handed_in.pk])).content.decode()
    assert "<script>alert(1)" not in page


def test_markers_read_after_the_release_what_it_came_to_and_ada_not_who_marked(
    client, ada, cy, bo, bea, disputed
):
    mine = Review.objects.get(assessor=bo)
    before = text_of(review_page(signed_in(client, bo), mine))
    assert "A moderator looks at the work before the decision is released." in before
    assert "What the markers gave" not in before
    signed_in(client, cy).post(reverse("disagreement", args=[disputed.pk]), fields(disputed, 3))
    after = text_of(review_page(signed_in(client, bo), mine))
    assert "What the markers gave, and what it came to" in after
    assert "Why the moderator decided so: The log is there." in after
    assert "Line 12 logs it." in after
    assert "Second marker" in after
    disputed.refresh_from_db()
    assert disputed.state == State.APPROVED
    page = text_of(signed_in(client, ada).get(reverse("submission", args=[disputed.pk])))
    assert "Logged, in line 12." in page
    for hidden in ("The log is there.", "Line 12 logs it.", "Second marker", "Cy Dubois"):
        assert hidden not in page

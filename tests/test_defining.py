"""Defining achievements, opening programmes, offering more in them: verbs and pages."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from assessments.defining import create_programme, define_achievement, offer
from assessments.importing.saving import save
from assessments.models import Achievement, Programme, Rubric
from tests import factories
from tests.test_referentials import pilot
from workbench.access import Forbidden, members
from workbench.errors import DomainError
from workbench.models import Event


@pytest.fixture
def rubric(organisation, root) -> Rubric:
    return save(pilot(), organisation=organisation, by=root).rubrics.first()


def definition(rubric: Rubric, **changes):
    criteria = list(rubric.criteria.with_levels())
    values = {
        "code": "firewall",
        "names": {"en": "Firewall management", "fr": "Gestion de pare-feu"},
        "descriptions": {"en": "Plans and proves a firewall."},
        "narratives": {"en": "Reach level 3 everywhere."},
        "required": {criterion: criterion.levels.all()[2] for criterion in criteria},
        "competencies": [criteria[0].competency],
    }
    return values | changes


def define(rubric: Rubric, by, **changes) -> Achievement:
    return define_achievement(rubric, **definition(rubric, **changes), by=by)


def opened(organisation, by, **changes) -> Programme:
    values = {
        "slug": "cyber-2027",
        "names": {"nl": "Cyberbeveiliging 2027"},
        "descriptions": {},
        "starts_on": date(2027, 1, 4),
        "ends_on": date(2027, 6, 30),
        "achievements": [],
    }
    return create_programme(organisation, **(values | changes), by=by)


def test_root_defines_an_achievement(rubric, root, organisation):
    made = define(
        rubric,
        root,
        minimum_total=Decimal("62.50"),
        validity=timedelta(days=730),
        max_attempts=3,
        tags=["  firewall ", "nftables", "firewall", ""],
    )

    made = Achievement.objects.with_rubric().get(pk=made.pk)
    assert made.organisation == organisation and made.rubric == rubric
    assert made.names == {"en": "Firewall management", "fr": "Gestion de pare-feu"}
    assert made.tags == ["firewall", "nftables"]
    assert (made.minimum_total, made.validity.days, made.max_attempts) == (Decimal("62.50"), 730, 3)
    levels = {level.pk: level.position for one in made.criteria for level in one.levels.all()}
    assert [levels[pk] for pk in made.required_by_criterion.values()] == [3] * 6
    event = Event.objects.get(verb="achievement-defined")
    assert (event.actor, event.subject_id, event.data["code"]) == (root, str(made.pk), "firewall")


def test_what_is_defined_can_be_earned(rubric, root, organisation, ada, bo):
    made = define(rubric, root)
    programme = opened(organisation, root, starts_on=date(2020, 1, 1), ends_on=None, achievements=[made])
    factories.enrol(programme, ada)
    factories.grant(bo, "assessor", programme)

    decision = factories.make_decision(factories.make_submission(ada, programme), bo)

    assert decision.outcome == "approve"


REFUSALS = [
    ("bad-code", {"code": "Not a slug!"}),
    ("bad-code", {"code": ""}),
    ("bad-code", {"code": "a" * 61}),
    ("name-missing", {"names": {"en": "  ", "fr": "\0"}}),
    ("name-too-long", {"names": {"en": "x" * 201}}),
    ("description-missing", {"descriptions": {}}),
    ("narrative-missing", {"narratives": {}}),
    ("unknown-language", {"names": {"xx": "Name"}}),
    ("no-award-rule", {"required": {}}),
    ("no-competency", {"competencies": []}),
    ("bad-total", {"minimum_total": Decimal("100.01")}),
    ("bad-total", {"minimum_total": Decimal(0)}),
    ("bad-total", {"minimum_total": Decimal("NaN")}),
    ("bad-total", {"minimum_total": Decimal("50.001")}),
    ("bad-validity", {"validity": timedelta(0)}),
    ("bad-validity", {"validity": timedelta(days=99_999)}),
    ("bad-attempts", {"max_attempts": 0}),
    ("bad-attempts", {"max_attempts": 101}),
    ("bad-tags", {"tags": ["x" * 61]}),
    ("bad-tags", {"tags": [str(number) for number in range(21)]}),
]


@pytest.mark.parametrize(("code", "changes"), REFUSALS)
def test_what_cannot_be_taken_is_refused_and_leaves_nothing(rubric, root, code, changes):
    with pytest.raises(DomainError) as refused:
        define(rubric, root, **changes)
    assert (refused.value.code, refused.value.status) == (code, 422)
    assert not Achievement.objects.exists() and not Event.objects.filter(verb="achievement-defined").exists()


def test_criteria_levels_and_competencies_come_from_the_rubric_itself(rubric, root, achievement):
    foreign = achievement.rubric.criteria.first()
    own, other = rubric.criteria.all()[:2]
    cases = {
        "criterion-elsewhere": {"required": {foreign: foreign.levels.first()}},
        "level-elsewhere": {"required": {own: other.levels.first()}},
        "competency-elsewhere": {"competencies": [foreign.competency]},
    }
    for code, changes in cases.items():
        with pytest.raises(DomainError) as refused:
            define(rubric, root, **changes)
        assert refused.value.code == code


def test_a_total_needs_points(root, organisation):
    rubric = factories.make_rubric(factories.make_referential(organisation))
    for criterion in rubric.criteria.all():
        criterion.levels.update(points=None)
    with pytest.raises(DomainError) as refused:
        define(rubric, root, minimum_total=Decimal(50))
    assert refused.value.code == "no-points"


@pytest.mark.parametrize("status", ["draft", "deprecated"])
def test_an_achievement_rests_on_an_adopted_referential(root, organisation, status):
    rubric = save(pilot(adoption_status=status), organisation=organisation, by=root).rubrics.first()
    with pytest.raises(DomainError) as refused:
        define(rubric, root)
    assert refused.value.code == "referential-not-adopted"


def test_a_code_is_taken_once(rubric, root):
    define(rubric, root)
    with pytest.raises(DomainError) as refused:
        define(rubric, root)
    assert (refused.value.code, refused.value.status) == ("code-taken", 409)
    assert Achievement.objects.count() == 1


@pytest.mark.parametrize("person", ["ada", "bo", "cy", "mo", "dee"])
def test_only_an_administrator_defines_opens_and_offers(person, request, rubric, organisation, programme):
    someone = request.getfixturevalue(person)
    for refused in (
        lambda: define(rubric, someone, code="Not a slug!"),
        lambda: opened(organisation, someone),
        lambda: offer(programme, list(programme.achievements.all()), by=someone),
    ):
        with pytest.raises(Forbidden):
            refused()


def test_whoever_opens_a_programme_manages_it(organisation, root, achievement):
    programme = opened(organisation, root, achievements=[achievement])

    assert list(members("manager", programme)) == [root]
    assert list(programme.achievements.all()) == [achievement]
    assert programme.pk in root.grants.ids("manage_programme")
    event = Event.objects.get(verb="programme-created")
    assert event.data == {"slug": "cyber-2027", "achievements": [str(achievement.pk)]}


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("bad-slug", {"slug": "Été 2027"}),
        ("name-missing", {"names": {}}),
        ("ends-before-start", {"ends_on": date(2027, 1, 3)}),
        ("description-too-long", {"descriptions": {"en": "x" * 10_001}}),
    ],
)
def test_a_programme_that_makes_no_sense_is_refused(organisation, root, code, changes):
    with pytest.raises(DomainError) as refused:
        opened(organisation, root, **changes)
    assert refused.value.code == code and not Programme.objects.exists()


def test_a_short_name_is_taken_once_in_an_organisation(organisation, root):
    opened(organisation, root)
    with pytest.raises(DomainError) as refused:
        opened(organisation, root)
    assert refused.value.code == "slug-taken"
    elsewhere = factories.make_organisation("elsewhere")
    factories.grant(root, "administrator", elsewhere)
    assert opened(elsewhere, root).slug == "cyber-2027"


def test_a_programme_never_has_another_organisations_key_sign(organisation, root, programme):
    elsewhere = factories.make_organisation("elsewhere")
    theirs = factories.make_achievement(elsewhere)
    for act in (
        lambda: opened(organisation, root, achievements=[theirs]),
        lambda: offer(programme, [theirs], by=root),
    ):
        with pytest.raises(DomainError) as refused:
            act()
        assert refused.value.code == "achievement-elsewhere"
    assert theirs not in programme.achievements.all()


def test_offering_adds_and_says_so_once(organisation, root, programme, achievement):
    second = factories.make_achievement(organisation, code="traffic")

    offer(programme, [achievement, second], by=root)
    offer(programme, [second], by=root)

    assert set(programme.achievements.all()) == {achievement, second}
    assert Event.objects.get(verb="achievements-offered").data == {"achievements": [str(second.pk)]}
    with pytest.raises(DomainError) as refused:
        offer(programme, [], by=root)
    assert refused.value.code == "no-achievement"


# --- Pages ---------------------------------------------------------------------------------------------


def test_root_defines_and_offers_in_the_browser(client, root, rubric, programme):
    client.force_login(root)
    page = client.get(f"/referentials/{rubric.referential_id}").content.decode()
    address = f"/achievements/define/{rubric.pk}/"
    assert f'href="{address}"' in page
    form = client.get(address).context["form"]
    values = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    answer = client.post(
        address,
        values
        | {
            "code": "firewall",
            "names_fr": "Gestion de pare-feu",
            "descriptions_fr": "Décrit",
            "narratives_fr": "Prouve",
            "minimum_total": "60",
            "validity": "365",
            "tags": "a, b",
        },
    )
    made = Achievement.objects.get(code="firewall")
    assert answer["Location"] == f"/achievements/{made.pk}"
    assert made.required_levels.filter(level__position=3).count() == 6
    assert (made.names, made.tags, made.validity.days) == ({"fr": "Gestion de pare-feu"}, ["a", "b"], 365)

    assert f"/programmes/{programme.pk}/offer/" in client.get(f"/programmes/{programme.pk}/").content.decode()
    answer = client.post(f"/programmes/{programme.pk}/offer/", {"achievements": [made.pk]})
    assert answer["Location"] == f"/programmes/{programme.pk}/" and made in programme.achievements.all()
    assert "Everything you have" in client.get(f"/programmes/{programme.pk}/offer/").content.decode()


def test_a_refusal_stands_at_its_field_and_keeps_what_was_typed(client, root, rubric):
    client.force_login(root)
    answer = client.post(f"/achievements/define/{rubric.pk}/", {"code": "Not a slug", "names_en": "Kept"})
    assert answer.status_code == 422 and 'value="Kept"' in answer.content.decode()
    assert answer.context["form"].errors["competencies"]
    competency = rubric.criteria.first().competency_id
    answer = client.post(
        f"/achievements/define/{rubric.pk}/", {"code": "Not a slug", "competencies": [competency]}
    )
    assert answer.status_code == 422 and list(answer.context["form"].errors) == ["code"]


def test_another_organisations_competency_is_no_choice(client, root, rubric, achievement):
    client.force_login(root)
    foreign = achievement.competencies.get()
    answer = client.post(f"/achievements/define/{rubric.pk}/", {"code": "x", "competencies": [foreign.pk]})
    assert answer.status_code == 422 and "competencies" in answer.context["form"].errors


def test_root_opens_a_programme_in_the_browser(client, root, organisation, achievement):
    client.force_login(root)
    assert "/programmes/new/" in client.get("/programmes/").content.decode()
    values = {
        "organisation": organisation.pk,
        "slug": "cyber-2027",
        "names_en": "Cyber 2027",
        "starts_on": "2027-01-04",
        "ends_on": "2027-01-01",
        "achievements": [achievement.pk],
    }
    refused = client.post("/programmes/new/", values)
    assert refused.status_code == 422 and list(refused.context["form"].errors) == ["ends_on"]
    answer = client.post("/programmes/new/", values | {"ends_on": ""})
    programme = Programme.objects.get(slug="cyber-2027")
    assert answer["Location"] == f"/programmes/{programme.pk}/people/"
    assert client.get(answer["Location"]).status_code == 200


@pytest.mark.parametrize("person", ["ada", "mo", "dee"])
def test_nobody_else_sees_these_pages(client, person, request, rubric, programme):
    client.force_login(request.getfixturevalue(person))
    assert client.get(f"/achievements/define/{rubric.pk}/").status_code == 403
    assert client.get("/programmes/new/").status_code == 403
    assert client.get(f"/programmes/{programme.pk}/offer/").status_code == (404 if person == "dee" else 403)
    assert "/programmes/new/" not in client.get("/programmes/").content.decode()
    assert "/offer/" not in client.get(f"/programmes/{programme.pk}/").content.decode()

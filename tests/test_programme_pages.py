"""The pages of programmes, their people, achievements and one's own account."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Association, Competency
from tests import factories
from tests.test_submission_pages import QUERIES, read
from workbench.access import members
from workbench.models import Token, User

# --- Programmes ------------------------------------------------------------------------------------------


def test_a_stranger_sees_no_programme(client, dee, programme):
    assert "You are in no programme yet" in read(client, dee, "programmes")[1]
    assert read(client, dee, "programme", programme.pk)[0].status_code == 404


@pytest.mark.parametrize(
    ("role", "says"),
    [
        ("ada", "Learner"),
        ("bo", "Assessor"),
        ("cy", "Moderator"),
        ("mo", "Programme manager"),
        ("root", "Organisation administrator"),
    ],
)
def test_each_programme_says_what_one_is_in_it(role, says, request, client, programme):
    page = read(client, request.getfixturevalue(role), "programmes")[1]
    assert "Cybersecurity pilot" in page
    assert f"{says}</span>" in page


def test_many_programmes_are_paged_with_few_questions(
    client, root, organisation, django_assert_max_num_queries
):
    for number in range(35):
        factories.make_programme(organisation, names={"en": f"Course {number:02}"}, slug=f"c{number:02}")
    client.force_login(root)
    with django_assert_max_num_queries(QUERIES):
        first = client.get(reverse("programmes")).content.decode()
    second = client.get(reverse("programmes") + "?page=2").content.decode()
    assert (first.count("<article"), second.count("<article")) == (30, 5)
    assert 'rel="next"' in first
    assert 'rel="next"' not in second


@pytest.mark.parametrize("page", ["0", "-1", "x", "\u0663", "9" * 40, ""])
def test_a_page_number_that_is_none_is_the_first_or_empty(client, mo, programme, page):
    assert read(client, mo, "programmes", query=f"?page={page}")[0].status_code == 200


def test_a_learner_sees_the_programme_and_nobodys_numbers(client, ada, programme, achievement):
    page = read(client, ada, "programme", programme.pk)[1]
    assert reverse("achievement", args=[achievement.pk]) in page
    assert reverse("submissions") in page
    assert "Attempts by state" not in page
    assert reverse("programme-people", args=[programme.pk]) not in page


def test_a_manager_sees_counts_by_state_with_few_questions(
    client, mo, bo, ada, alan, programme, organisation, django_assert_max_num_queries
):
    for number in range(10):
        programme.achievements.add(factories.make_achievement(organisation, code=f"a{number}"))
    achievement = programme.achievements.first()
    factories.make_draft(ada, programme, achievement)
    factories.make_decision(factories.make_submission(alan, programme, achievement), bo)
    client.force_login(mo)
    with django_assert_max_num_queries(QUERIES):
        response = client.get(reverse("programme", args=[programme.pk]))
    row = next(row for row in response.context["progress"] if row.achievement == achievement)
    assert {state.value: number for state, number in row.cells if number} == {"draft": 1, "approved": 1}
    assert response.context["learners"] == 2
    page = response.content.decode()
    assert reverse("programme-people", args=[programme.pk]) in page
    assert f"{reverse('reports')}?programme={programme.pk}" in page


def test_a_programme_that_ended_says_so(client, ada, programme):
    programme.ends_on = timezone.localdate() - timedelta(days=1)
    programme.save()
    assert "Takes no work today" in read(client, ada, "programme", programme.pk)[1]


# --- People ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "status"), [("ada", 403), ("bo", 403), ("cy", 403), ("mo", 200), ("root", 200), ("dee", 404)]
)
def test_the_people_page_is_for_those_who_manage(role, status, request, client, programme):
    assert (
        read(client, request.getfixturevalue(role), "programme-people", programme.pk)[0].status_code == status
    )


@pytest.mark.parametrize("view", ["enrol", "unenrol", "appoint", "dismiss"])
@pytest.mark.parametrize(("role", "status"), [("ada", 403), ("bo", 403), ("dee", 404)])
def test_nobody_else_changes_people(view, role, status, request, client, programme):
    person = request.getfixturevalue(role)
    client.force_login(person)
    data = {"addresses": person.email, "email": person.email, "role": "assessor", "person": str(person.pk)}
    assert client.post(reverse(view, args=[programme.pk]), data).status_code == status
    assert client.get(reverse(view, args=[programme.pk])).status_code == 405


def test_many_learners_are_paged_and_searched_with_few_questions(
    client, mo, programme, django_assert_max_num_queries
):
    people = [
        User(email=f"p{number}@example.org", name=f"Person {number:03}", password="!")
        for number in range(120)
    ]
    factories.enrol(programme, *User.objects.bulk_create(people))
    for person in people[:3]:
        factories.make_submission(person, programme)
    client.force_login(mo)
    with django_assert_max_num_queries(QUERIES):
        page = client.get(reverse("programme-people", args=[programme.pk])).content.decode()
    assert "Person 049" in page
    assert "Person 050" not in page
    page = read(client, mo, "programme-people", programme.pk, query="?q=person+07&page=1")[1]
    assert page.count("Person 07") >= 10
    assert "Person 080" not in page
    assert "Person 050" in read(client, mo, "programme-people", programme.pk, query="?page=2")[1]
    assert "Nobody has that name" in read(client, mo, "programme-people", programme.pk, query="?q=zzz")[1]


def test_an_empty_programme_says_how_to_begin(client, root, programme):
    page = read(client, root, "programme-people", programme.pk)[1]
    assert "Nobody is enrolled yet" in page
    assert "Nobody assesses or manages here yet" in page


def test_mo_enrols_several_at_once(client, mo, dee, programme):
    factories.make_user("Eve Simon")
    client.force_login(mo)
    response = client.post(
        reverse("enrol", args=[programme.pk]), {"addresses": "dee@example.org\neve@example.org"}, follow=True
    )
    assert "2 people are enrolled." in response.content.decode()
    assert programme.enrolments.count() == 2


def test_unknown_addresses_are_listed_and_stay_in_the_form(client, mo, ada, dee, programme):
    client.force_login(mo)
    response = client.post(
        reverse("enrol", args=[programme.pk]),
        {"addresses": "nobody@example.org\ndee@example.org\nada@example.org\n<b>x"},
    )
    page = response.content.decode()
    assert response.status_code == 200
    assert "No account" in page
    assert "Dee Martin" in page
    assert "Enrolled already" in page
    assert response.context["enrol_form"].initial["addresses"] == "nobody@example.org\n<b>x"
    assert "<b>x" not in page
    assert programme.enrolments.filter(learner=dee).exists()


@pytest.mark.parametrize(
    "addresses", ["", "  ", " ,;\n", "a@example.org\n" + "\n".join(f"p{n}@x.y" for n in range(200))]
)
def test_a_list_that_cannot_be_taken_is_refused_at_the_form(client, mo, programme, addresses):
    client.force_login(mo)
    response = client.post(reverse("enrol", args=[programme.pk]), {"addresses": addresses})
    assert response.status_code == 422
    assert 'id="id_addresses_error"' in response.content.decode()


def test_mo_unenrols_ada(client, mo, ada, programme):
    client.force_login(mo)
    response = client.post(reverse("unenrol", args=[programme.pk]), {"person": str(ada.pk)}, follow=True)
    assert "Ada Delcourt is no longer enrolled." in response.content.decode()
    assert not programme.enrolments.exists()


@pytest.mark.parametrize("person", ["", "nonsense", "00000000-0000-4000-8000-00000000dead"])
def test_unenrolling_nobody_finds_nobody(client, mo, ada, programme, person):
    client.force_login(mo)
    assert client.post(reverse("unenrol", args=[programme.pk]), {"person": person}).status_code == 404
    assert programme.enrolments.count() == 1


def test_mo_appoints_and_dismisses_an_assessor(client, mo, dee, programme):
    client.force_login(mo)
    client.post(reverse("appoint", args=[programme.pk]), {"email": "dee@example.org", "role": "assessor"})
    assert list(members("assessor", programme)) == [dee]
    client.post(reverse("dismiss", args=[programme.pk]), {"person": str(dee.pk), "role": "assessor"})
    assert not members("assessor", programme).exists()


def test_mo_is_not_offered_the_role_of_a_manager(client, mo, dee, programme):
    client.force_login(mo)
    response = client.post(reverse("appoint", args=[programme.pk]), {"email": dee.email, "role": "manager"})
    assert response.status_code == 422
    assert list(members("manager", programme)) == [mo]


def test_an_appointment_without_an_account_keeps_the_address(client, mo, programme):
    client.force_login(mo)
    response = client.post(
        reverse("appoint", args=[programme.pk]), {"email": "x@example.org", "role": "assessor"}
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert 'value="x@example.org"' in page
    assert "has an account yet" in page


def test_the_last_manager_stays(client, root, mo, programme):
    client.force_login(root)
    response = client.post(
        reverse("dismiss", args=[programme.pk]), {"person": str(mo.pk), "role": "manager"}, follow=True
    )
    assert "a programme needs one" in response.content.decode()
    assert list(members("manager", programme)) == [mo]


@pytest.mark.parametrize("role", ["", "administrator", "nonsense"])
def test_dismissing_from_no_role_finds_nobody(client, mo, bo, programme, role):
    client.force_login(mo)
    data = {"person": str(bo.pk), "role": role}
    assert client.post(reverse("dismiss", args=[programme.pk]), data).status_code == 404


# --- Achievements ----------------------------------------------------------------------------------------


def test_anyone_reads_what_an_achievement_asks(
    client, achievement, organisation, django_assert_max_num_queries
):
    competency = Competency.objects.get()
    for number, uri in enumerate(["http://data.europa.eu/esco/skill/1", "javascript:alert(1)"]):
        Association.objects.create(
            referential=competency.referential,
            identifier=uuid.uuid4(),
            type="exactMatchOf",
            origin_identifier="o",
            destination_identifier="d",
            destination_uri=uri,
            destination_title=f"Skill {number}",
            competency=competency,
        )
    address = reverse("achievement", args=[achievement.pk])
    with django_assert_max_num_queries(QUERIES):
        response = client.get(address)
    page = response.content.decode()
    assert response.status_code == 200
    assert page.count("Required</span>") == 2
    assert reverse("issuer", args=[organisation.slug]) in page
    assert f'href="{address}?format=json"' in page
    assert 'href="http://data.europa.eu/esco/skill/1"' in page
    assert "Skill 1" in page
    assert "javascript:" not in page


def test_an_unknown_achievement_is_not_found(client, db):
    assert client.get(reverse("achievement", args=[uuid.uuid4()])).status_code == 404


# --- The account -----------------------------------------------------------------------------------------


def test_ada_changes_her_name_and_language(client, ada):
    client.force_login(ada)
    response = client.post(reverse("account"), {"name": "Ada D.", "language": "fr"}, follow=True)
    ada.refresh_from_db()
    assert (ada.name, ada.language) == ("Ada D.", "fr")
    assert '<html lang="fr">' in response.content.decode()


def test_a_token_is_shown_once(client, ada):
    client.force_login(ada)
    page = client.post(reverse("create-token"), {"label": "course <i>platform</i>"}).content.decode()
    token = Token.objects.get()
    secret = page.split('data-copy="')[1].split('"')[0]
    assert Token.objects.for_secret(secret) == token
    again = client.get(reverse("account")).content.decode()
    assert secret not in again
    assert "course &lt;i&gt;platform" in again


def test_ada_revokes_her_token_and_nobody_elses(client, ada, alan):
    mine, _secret = Token.issue(ada, label="mine")
    his, secret = Token.issue(alan, label="his")
    client.force_login(ada)
    assert client.post(reverse("revoke-token", args=[his.pk])).status_code == 404
    assert client.post(reverse("revoke-token", args=[mine.pk])).status_code == 302
    assert "You have no token." in client.get(reverse("account")).content.decode()
    assert Token.objects.for_secret(secret) == his


def test_a_token_needs_a_name(client, ada):
    client.force_login(ada)
    assert client.post(reverse("create-token"), {"label": " "}).status_code == 422
    assert not Token.objects.exists()

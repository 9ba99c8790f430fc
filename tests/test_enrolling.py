"""Enrolling learners and giving roles."""

import pytest

from assessments.enrolling import (
    MAX_ADDRESSES,
    addresses_in,
    appoint,
    dismiss,
    enrol,
    enrol_all,
    person_for,
    unenrol,
)
from assessments.models import Enrolment
from tests import factories
from tests.test_submitting import refused
from workbench.access import Forbidden, members
from workbench.models import Event


def test_mo_enrols_dee_once(mo, dee, programme):
    enrol(programme, dee, by=mo)
    enrol(programme, dee, by=mo)
    assert Enrolment.objects.filter(learner=dee).count() == 1
    assert Event.objects.filter(verb="enrolled").count() == 1


@pytest.mark.parametrize("role", ["ada", "bo", "cy", "dee"])
def test_only_those_who_manage_bring_people_in(role, request, alan, programme):
    person = request.getfixturevalue(role)
    for call in (
        lambda: enrol(programme, person, by=person),
        lambda: enrol_all(programme, [person.email], by=person),
        lambda: unenrol(programme, alan, by=person),
        lambda: appoint(programme, person, "assessor", by=person),
        lambda: dismiss(programme, person, "assessor", by=person),
    ):
        with pytest.raises(Forbidden):
            call()


def test_unenrolling_keeps_what_was_handed_in(mo, ada, programme):
    done = factories.make_submission(ada, programme)
    unenrol(programme, ada, by=mo)
    unenrol(programme, ada, by=mo)
    done.refresh_from_db()
    assert done.state == "submitted"
    assert not programme.enrolments.exists()
    assert Event.objects.filter(verb="unenrolled").count() == 1


# --- Many addresses --------------------------------------------------------------------------------------


def test_a_pasted_list_is_read_whatever_parts_it():
    text = "Ada@Example.org\r\nalan@example.org; Dee Martin <dee@example.org>,ADA@example.org\n\n"
    assert addresses_in(text) == ["ada@example.org", "alan@example.org", "dee@example.org"]


@pytest.mark.parametrize("text", ["", " \n ,; \n", "\0"])
def test_an_empty_list_is_refused(text):
    assert refused(lambda: addresses_in(text)) == "no-address"


def test_a_list_has_an_end():
    text = "\n".join(f"p{number}@example.org" for number in range(MAX_ADDRESSES + 1))
    assert refused(lambda: addresses_in(text)) == "too-many-addresses"


def test_unknown_addresses_hinder_nobody(mo, ada, dee, programme):
    shouted = factories.make_user("Zoe Jacobs", email="zoe@example.org")
    type(shouted).objects.filter(pk=shouted.pk).update(email="Zoe@Example.org")
    result = enrol_all(
        programme,
        ["nobody@example.org", "dee@example.org", "ada@example.org", "zoe@example.org", "nonsense"],
        by=mo,
    )
    assert [person.name for person in result.enrolled] == ["Dee Martin", "Zoe Jacobs"]
    assert list(result.already) == [ada]
    assert list(result.unknown) == ["nobody@example.org", "nonsense"]


def test_a_closed_account_counts_as_unknown(mo, dee, programme):
    dee.is_active = False
    dee.save()
    assert list(enrol_all(programme, [dee.email], by=mo).unknown) == [dee.email]


# --- Roles -----------------------------------------------------------------------------------------------


def test_mo_appoints_an_assessor_once(mo, dee, programme):
    appoint(programme, dee, "assessor", by=mo)
    appoint(programme, dee, "assessor", by=mo)
    assert list(members("assessor", programme)) == [dee]
    assert Event.objects.filter(verb="role-granted", data__person=str(dee.pk)).count() == 1


def test_mo_appoints_no_manager(mo, dee, programme):
    with pytest.raises(Forbidden):
        appoint(programme, dee, "manager", by=mo)
    with pytest.raises(Forbidden):
        dismiss(programme, mo, "manager", by=mo)


def test_a_role_that_programmes_do_not_have_is_refused(root, dee, programme):
    assert refused(lambda: appoint(programme, dee, "administrator", by=root)) == "unknown-role"
    assert not dee.groups.exists()


def test_the_last_manager_stays(root, mo, dee, programme):
    assert refused(lambda: dismiss(programme, mo, "manager", by=root)) == "last-manager"
    appoint(programme, dee, "manager", by=root)
    dismiss(programme, mo, "manager", by=root)
    assert list(members("manager", programme)) == [dee]


def test_an_address_without_an_account_is_told(db):
    assert refused(lambda: person_for("nobody@example.org")) == "no-account"
    assert refused(lambda: person_for("no\0body")) == "no-account"


def test_a_person_is_found_by_any_spelling_of_the_address(dee):
    assert person_for(" DEE@example.org ") == dee

"""Open Badges 2.0 with their website at hand: each form is accepted, each tampered copy refused."""

from datetime import timedelta

import pytest

from badges.looking_up import Lookup
from badges.openbadges.v2 import checks
from badges.opening import Older, Unreadable, opened
from badges.verifying import verify
from tests.interop.older_cases import ALGORITHMS, FORMS, HOSTED, TAMPERINGS, tampered
from tests.openbadges import older
from tests.openbadges.awards import MOMENT


def accepted(data: bytes, algorithm: str) -> bool:
    website = older.website(**{older.KEY: older.key_document(ALGORITHMS[algorithm])})
    try:
        badge = opened(data, Lookup(own=False)).badge
    except Unreadable:
        return False
    if not isinstance(badge, Older):  # its words say no more that it is of version 2.0
        return verify(data, lookup=Lookup(own=False)).verified
    now = MOMENT + timedelta(days=1)
    found = checks.run(badge.document, badge.signature, fetch=older.fetch_from(website), now=now)
    return all(check.passed for check in found.checks)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_accepted_and_each_tampered_copy_refused(form, algorithm):
    text = HOSTED if form.startswith("hosted") else older.signed(key=ALGORITHMS[algorithm])
    assert accepted(FORMS[form](text), algorithm)
    for name, changes in TAMPERINGS.items():
        assert not accepted(FORMS[form](tampered(text, changes)), algorithm), name

"""Marked secrets in a real browser: many of one kind are ticked with one press."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests import factories
from workbench import jobs

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_ada_ticks_all_of_a_kind(visit: Callable[..., Page], ada, programme, scripts: bool) -> None:
    draft = factories.make_draft(ada, programme)
    users = "".join(f"username user{n} password 0 winter{n}-garden\n" for n in range(6))
    text = f"hostname branch\n{users}snmp-server community orchard RO\n".encode()
    item = factories.make_evidence(draft, content=text, name="branch.cfg", title="Branch")
    jobs.run_due()
    page = visit(ada, java_script_enabled=scripts)
    page.goto(f"/submissions/{draft.pk}/evidence/{item.pk}/secrets/")
    many = page.locator("fieldset.marks").filter(has=page.locator("[data-tick-all]"))
    expect(many).to_have_count(1)
    expect(many.locator("input")).to_have_count(6)
    button = many.locator("[data-tick-all]")
    if not scripts:
        expect(button).to_be_hidden()
        return
    many.locator("input").first.check()
    button.click()
    expect(page.locator("fieldset.marks input:checked")).to_have_count(6)
    button.click()
    expect(page.locator("fieldset.marks input:checked")).to_have_count(0)

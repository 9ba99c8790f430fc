"""Background work of badges: signing what was planned, the lists that changed, and what lost its key."""

from uuid import UUID

from badges.issuing import ISSUE, issue, issue_cohort, reissue_planned, sign_missing_jwts
from badges.listing import sign_due_lists
from badges.resigning import RESIGN, resign
from workbench.jobs import handles, sweeps


@handles(ISSUE)
def issue_credential(credential_id: UUID) -> None:
    issue_cohort(issue(credential_id))


@handles(RESIGN)
def resign_credential(credential_id: UUID) -> None:
    resign(credential_id)


sweeps("planned badges")(reissue_planned)
sweeps("badges without their JWT form")(sign_missing_jwts)
sweeps("status lists")(sign_due_lists)

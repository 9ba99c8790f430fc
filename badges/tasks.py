"""Background work of badges: signing what was planned."""

from uuid import UUID

from badges.issuing import ISSUE, issue, issue_cohort, reissue_planned, sign_missing_jwts
from workbench.jobs import handles, sweeps


@handles(ISSUE)
def issue_credential(credential_id: UUID) -> None:
    issue_cohort(issue(credential_id))


sweeps("planned badges")(reissue_planned)
sweeps("badges without their JWT form")(sign_missing_jwts)

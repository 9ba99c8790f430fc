"""Background work of judging: leases that ended, reports that were asked for."""

from uuid import UUID

from reviews.claiming import expire_leases
from reviews.reporting import MAKE, give_up, make
from workbench.jobs import handles, sweeps


@handles(MAKE, given_up=give_up)
def make_report(report_id: UUID) -> None:
    make(report_id)


sweeps("leases")(expire_leases)

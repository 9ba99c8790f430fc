"""Background work of judging: leases that ended, reminders, reports that were asked for."""

from uuid import UUID

from reviews.claiming import expire_leases
from reviews.reminding import remind_of_leases, remind_of_waiting
from reviews.reporting import MAKE, give_up, make
from workbench.jobs import handles, sweeps


@handles(MAKE, given_up=give_up)
def make_report(report_id: UUID) -> None:
    make(report_id)


sweeps("leases")(expire_leases)
sweeps("leases about to end")(remind_of_leases)
sweeps("work that waits long")(remind_of_waiting)

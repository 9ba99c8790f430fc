"""Background work of judging: leases that ended, enough markings, reminders, reports that were asked for."""

from uuid import UUID

from reviews.claiming import expire_leases
from reviews.deciding import go_on_where_possible
from reviews.reminding import remind_of_leases, remind_of_waiting
from reviews.reporting import MAKE, give_up, make
from reviews.sharing_out import share_out
from workbench.jobs import handles, sweeps


@handles(MAKE, given_up=give_up)
def make_report(report_id: UUID) -> None:
    make(report_id)


sweeps("leases")(expire_leases)
sweeps("work to share out")(share_out)
sweeps("markings that are enough")(go_on_where_possible)
sweeps("leases about to end")(remind_of_leases)
sweeps("work that waits long")(remind_of_waiting)

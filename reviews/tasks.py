"""Background work of judging: leases that ended."""

from reviews.claiming import expire_leases
from workbench.jobs import sweeps

sweeps("leases")(expire_leases)

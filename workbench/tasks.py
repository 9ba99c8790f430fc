"""Background work of the kernel: what nobody will ask for again."""

from workbench.api.idempotency import forget_old_replies
from workbench.jobs import sweeps
from workbench.notifying import forget_old

sweeps("old API replies")(forget_old_replies)
sweeps("old notifications")(forget_old)

"""Background work of the kernel: replies that nobody will ask for again."""

from workbench.api.idempotency import forget_old_replies
from workbench.jobs import sweeps

sweeps("old API replies")(forget_old_replies)

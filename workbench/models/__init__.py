"""What every app knows: people, organisations, the audit trail, and the work that waits for the worker."""

from workbench.models.event import Event
from workbench.models.job import Job
from workbench.models.organisation import Organisation
from workbench.models.token import IdempotentReply, Token
from workbench.models.user import User
from workbench.models.worker import WorkerPulse

__all__ = ["Event", "IdempotentReply", "Job", "Organisation", "Token", "User", "WorkerPulse"]

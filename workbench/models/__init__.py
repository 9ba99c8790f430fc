"""What every app knows: people, organisations, the audit trail, notifications, and work for the worker."""

from workbench.models.event import Event
from workbench.models.job import Job
from workbench.models.mail import Mail
from workbench.models.notification import Notification, NotificationChoice
from workbench.models.organisation import Organisation
from workbench.models.token import IdempotentReply, Token
from workbench.models.user import User
from workbench.models.worker import WorkerPulse

__all__ = [
    "Event",
    "IdempotentReply",
    "Job",
    "Mail",
    "Notification",
    "NotificationChoice",
    "Organisation",
    "Token",
    "User",
    "WorkerPulse",
]

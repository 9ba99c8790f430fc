"""The pulse of a worker process, so that ``/readyz`` can say whether one is alive."""

from django.db import models
from django.db.models.functions import Now


class WorkerPulse(models.Model):
    name = models.CharField(max_length=80, primary_key=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "worker pulse"

    def __str__(self) -> str:
        return self.name

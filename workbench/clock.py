"""The clock that decides: the database's, which every web process and worker shares."""

from datetime import datetime

from django.db import connection
from django.utils import timezone


def database_now() -> datetime:
    """The time of the database server, aware."""
    if connection.vendor == "sqlite":
        return timezone.now()  # the database is this process
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now

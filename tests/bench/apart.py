"""Runs one part of the bench in a process and a database of its own, so that no part weighs on another."""

import multiprocessing
import os
import secrets
import shutil
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit, urlunsplit

SPAWN = multiprocessing.get_context("spawn")


def apart(part: str, *arguments: Any, database: str = "") -> Any:
    """What ``module:function`` of this package returns; without ``database`` a new SQLite file is used."""
    with ProcessPoolExecutor(1, mp_context=SPAWN) as pool:
        return pool.submit(_run, part, arguments, database).result()


def _run(part: str, arguments: tuple[Any, ...], database: str) -> Any:
    from importlib import import_module

    # The settings of the tests have folders, keys and a database file of their own.
    os.environ["DATABASE_URL"] = database
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django
    from django.conf import settings
    from django.db import connections

    try:
        django.setup()
        module, function = part.split(":")
        return getattr(import_module(f"tests.bench.{module}"), function)(*arguments)
    finally:
        connections.close_all()
        shutil.rmtree(settings.VAR_DIR, ignore_errors=True)


def postgres_server() -> str:
    """The address in DATABASE_URL when it names PostgreSQL; else empty."""
    address = os.environ.get("DATABASE_URL", "")
    return address if urlsplit(address).scheme in {"postgres", "postgresql"} else ""


@contextmanager
def temporary_postgres(server: str) -> Iterator[str]:
    """A new database on the server, dropped at the end; whatever is there already stays untouched."""
    import psycopg
    from psycopg import sql

    name = f"workbench_bench_{secrets.token_hex(6)}"
    with psycopg.connect(server.replace("postgres://", "postgresql://", 1), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

"""The product's settings with an environment that tests can rely on, whatever the shell has set."""

import os
import tempfile

for name in [name for name in os.environ if name.startswith("WORKBENCH_")]:
    del os.environ[name]
os.environ |= {
    "WORKBENCH_SECRET_KEY": "only-for-tests-and-long-enough-to-please-the-checks-0123456789",
    "WORKBENCH_KEY_ENCRYPTION_KEY": "dGVzdHMtb25seS1rZXktZW5jcnlwdGlvbi1rZXktMDA",
    "WORKBENCH_BASE_URL": "http://testserver",
    "WORKBENCH_VAR_DIR": tempfile.mkdtemp(prefix="workbench-tests-"),
    "WORKBENCH_LOG_LEVEL": "WARNING",
    "EMAIL_URL": "memory:",
}
# Playwright's synchronous interface runs a loop in the test's thread; the ORM must still answer there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

from workbench.settings import *  # noqa: E402, F403
from workbench.settings import DATABASES, STORAGES  # noqa: E402

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
os.makedirs(os.environ["WORKBENCH_VAR_DIR"] + "/static")
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ACCOUNT_RATE_LIMITS = False
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, since threads and other processes of a test must see the same database.
    DATABASES["default"]["TEST"] = {"NAME": os.environ["WORKBENCH_VAR_DIR"] + "/test.sqlite3"}

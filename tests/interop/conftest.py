"""The product at its two kinds of address, and a badge that it issued."""

import pytest

from badges.models import Credential
from tests import factories
from tests.interop.cases import SITES
from workbench import jobs


@pytest.fixture(params=SITES.values(), ids=SITES.keys())
def site(request, settings):
    """The product served at an http or at an https address."""
    settings.BASE_URL = request.param
    settings.HTTPS = request.param.startswith("https:")
    settings.ALLOWED_HOSTS = ["*"]
    return request.param


@pytest.fixture
def issued(site, ada, bo, programme) -> Credential:
    draft = factories.make_draft(ada, programme)
    factories.make_evidence(draft)
    factories.make_text(draft, title="How the rules were tried", visibility="summary")
    factories.make_text(draft, title="For assessors only", visibility="private")
    factories.make_decision(factories.submit(draft, declaration=True, by=ada), bo)
    jobs.run_due()
    return Credential.objects.select_related("organisation").get()

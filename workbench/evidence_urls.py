"""The addresses of the evidence host."""

from django.urls import path

from assessments.views import evidence
from badges.views import public_evidence

urlpatterns = [
    path("files/<uuid:pk>/", evidence.serve, name="evidence-file"),
    path("evidence/<uuid:pk>/file", public_evidence.download, name="public-evidence-file"),
]

handler404 = "workbench.evidence_host.nothing_here"

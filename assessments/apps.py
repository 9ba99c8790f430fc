"""The app's configuration."""

from importlib import import_module

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"

    def ready(self) -> None:
        import_module("assessments.notices")
        import_module("assessments.permissions")
        import_module("assessments.tasks")

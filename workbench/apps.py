"""The kernel's configuration."""

from importlib import import_module

from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    name = "workbench"

    def ready(self) -> None:
        import_module("workbench.checks")
        import_module("workbench.tasks")

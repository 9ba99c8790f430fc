"""The app's configuration."""

from importlib import import_module

from django.apps import AppConfig


class BadgesConfig(AppConfig):
    name = "badges"

    def ready(self) -> None:
        import_module("badges.notices")
        import_module("badges.permissions")
        import_module("badges.tasks")

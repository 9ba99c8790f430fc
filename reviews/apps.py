"""The app's configuration."""

from importlib import import_module

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "reviews"

    def ready(self) -> None:
        import_module("reviews.naming")
        import_module("reviews.notices")
        import_module("reviews.permissions")
        import_module("reviews.releasing")
        import_module("reviews.succeeding")
        import_module("reviews.tasks")

"""Wait until a server answers that it is ready."""

import json
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Ask an address such as http://127.0.0.1:8000/readyz until it answers 200."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("url")
        parser.add_argument("--seconds", type=int, default=60)

    def handle(self, *args: Any, **options: Any) -> None:
        url = options["url"]
        if not url.startswith(("http://", "https://")):
            raise CommandError("give an http or https address")
        answer = "no answer"
        for _second in range(options["seconds"] * 2):
            try:
                with urllib.request.urlopen(url, timeout=5):  # noqa: S310 (the scheme is checked above)
                    return
            except urllib.error.HTTPError as error:
                answer = json.dumps(json.load(error)) if error.code == 503 else str(error.code)
            except (urllib.error.URLError, OSError):
                answer = "no answer"
            time.sleep(0.5)
        raise CommandError(f"not ready after {options['seconds']} seconds: {answer}")

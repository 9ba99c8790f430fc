"""Canonicalise what strangers signed in a child process, where its work is bounded by the kernel.

A badge whose words the compiled tables know takes no longer than its length. Everything else is for general
algorithms, which a few hundred well-chosen bytes can keep busy for seconds: their own budgets end that, and
the child's limits hold where a budget is wrong.
"""

import io
import json
from typing import Any

from django.utils.translation import gettext_lazy as _

from badges.openbadges import expansion, hashing, linked_data, proof
from badges.openbadges.canonical import TooComplex
from workbench.confining import Busy, Limits, Refused, Stopped, run_confined
from workbench.errors import DomainError

OPERATION = "badges.openbadges.hashing:hash_document"
LIMITS = Limits(memory=768 * 1024 * 1024, cpu=10, wall=20, output=4096)


def hash_data(document: dict[str, Any], options: dict[str, Any]) -> bytes:
    """As ``badges.openbadges.proof.hash_data``. Raises DomainError ``busy`` when no child was to be had."""
    if is_everyday(document) and is_everyday({"@context": document["@context"], **options}):
        return proof.hash_data(document, options)
    linked_data.inspect(document)
    content = io.BytesIO(json.dumps({"document": document, "options": options}).encode())
    try:
        return run_confined(OPERATION, content, {}, LIMITS)
    except Refused as refused:
        code, _space, detail = refused.code.partition(" ")
        raise hashing.REASONS[code](detail) from refused
    except Busy as busy:
        raise DomainError(
            "busy", _("Many badges are being checked right now. Try again in a minute."), status=503
        ) from busy
    except Stopped as stopped:
        raise TooComplex("canonicalising it took more time or memory than any credential needs") from stopped


def is_everyday(document: dict[str, Any]) -> bool:
    """Whether the compiled tables know every word, so that no general algorithm is needed."""
    return expansion.form_of(document) is not None

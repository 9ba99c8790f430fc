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
from badges.openbadges.processor import UnsafeDocument
from workbench.confining import Busy, Limits, Refused, Stopped, run_confined
from workbench.errors import DomainError

OPERATION = "badges.openbadges.hashing:hash_document"
LIMITS = Limits(memory=768 * 1024 * 1024, cpu=10, wall=20, output=4096)


def hash_data(document: dict[str, Any], options: dict[str, Any]) -> bytes:
    """As ``badges.openbadges.proof.hash_data``. Raises DomainError ``busy`` when no child was to be had."""
    if "@context" not in document:
        raise UnsafeDocument("the document has no @context")
    form_of_options = expansion.form_of({"@context": document["@context"], **options})
    form = expansion.form_of(document)
    if form is not None and form_of_options is not None:  # the tables know every word
        return proof.hashes_of(form_of_options, form)
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

"""The REST API; the apps' routers are joined to it by workbench.urls."""

from workbench.api.root import WorkbenchAPI

DESCRIPTION = """
Hand in evidence of an IT competency, judge it against a rubric, and get the Open Badge that was earned.

Every call carries `Authorization: Bearer TOKEN` unless it says otherwise. Refusals are problem documents
(RFC 9457) with a stable `code`. Lists answer `{items, next}`: give `next` back as `cursor`. Every POST
honours an `Idempotency-Key`: the same key with the same request gives the same answer, and changes nothing.
"""

api = WorkbenchAPI(title="Open Badges for IT: workbench", version="1", description=DESCRIPTION.strip())

__all__ = ["api"]

"""What the OpenAPI document says beyond what the views declare: problems, keys, and how to page."""

import json
from typing import Any

from ninja.openapi.schema import REF_TEMPLATE, OpenAPISchema
from ninja.responses import NinjaJSONEncoder
from ninja.schema import NinjaGenerateJsonSchema

from workbench.api.idempotency import HEADER, KEY
from workbench.api.problems import MEDIA_TYPE, Problem

TAGS = [
    {"name": "account", "description": "Who the token belongs to, and what they may do."},
    {"name": "what is asked", "description": "Referentials, programmes and achievements with their rubric."},
    {"name": "what is handed in", "description": "Attempts and their evidence."},
    {"name": "what is judged", "description": "The queue, reviews and decisions."},
    {"name": "what is earned", "description": "Badges: holding, revoking and verifying."},
    {"name": "reports", "description": "Reports made in the background."},
]
PROBLEMS = {
    400: "The request cannot be read, or its cursor belongs to another list.",
    401: "The token is missing, unknown, expired or revoked.",
    403: "The roles of the person do not allow this.",
    404: "There is nothing here, or nothing that the person may see.",
    409: "The state of the work does not allow this, or somebody else was quicker.",
    413: "The request is too large.",
    422: "Something in the request cannot be taken as it is.",
    429: "Too many requests; `Retry-After` says when to come back.",
    500: "Something went wrong on the server.",
}
WRITING = ("post", "put", "delete")


def complete(document: OpenAPISchema) -> OpenAPISchema:
    """Add to every operation the problems it may answer with, and the key it honours."""
    schema = Problem.model_json_schema(ref_template=REF_TEMPLATE, schema_generator=NinjaGenerateJsonSchema)
    schemas = document["components"]["schemas"]
    schemas.update(schema.pop("$defs", {}))
    schemas["Problem"] = schema | {"additionalProperties": True}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            for status in _statuses(path, method, operation):
                operation["responses"].setdefault(status, _refusal(status))
            if method == "post":
                operation["parameters"] = [*operation.get("parameters", ()), _key()]
    _prune(document)
    return document


def _prune(document: OpenAPISchema) -> None:
    """Drop the schemas of query and form parameters, which ninja has unfolded where they are used."""
    schemas = document["components"]["schemas"]
    while True:
        text = json.dumps(document, cls=NinjaJSONEncoder)
        unused = [name for name in schemas if f'"#/components/schemas/{name}"' not in text]
        if not unused:
            return
        for name in unused:
            del schemas[name]


def _statuses(path: str, method: str, operation: dict[str, Any]) -> list[int]:
    statuses = [400, 500]
    if operation.get("security"):
        statuses += [401, 403]
    else:
        statuses.append(429)
    if "{" in path:
        statuses.append(404)
    if operation.get("parameters") or method in WRITING:
        statuses.append(422)
    if method in WRITING:
        statuses += [404, 409, 413, 429]
    return sorted(set(statuses))


def _refusal(status: int) -> dict[str, Any]:
    return {
        "description": PROBLEMS[status],
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def _key() -> dict[str, Any]:
    return {
        "in": "header",
        "name": HEADER,
        "required": False,
        "schema": {"type": "string", "pattern": f"^{KEY.pattern}$", "maxLength": 200},
        "description": "A value of your own, new for each act: asking again with it changes nothing.",
    }

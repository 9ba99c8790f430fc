"""A caller of the API for each member of the cast."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from workbench.models import Token, User


class Caller:
    """A person with a token, calling ``/api/v1/``."""

    def __init__(self, user: User | None) -> None:
        self.user = user
        self.client = Client(raise_request_exception=True)
        self.headers: dict[str, str] = {}
        if user:
            self.headers["Authorization"] = f"Bearer {Token.issue(user, label='test')[1]}"

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1{path}", query, headers=self.headers)

    def post(self, path: str, body: Any = None, *, key: str | None = None) -> Any:
        return self.send("POST", path, body, key=key)

    def put(self, path: str, body: Any) -> Any:
        return self.send("PUT", path, body)

    def delete(self, path: str) -> Any:
        return self.send("DELETE", path)

    def upload(self, path: str, *, key: str | None = None, **fields: Any) -> Any:
        headers = self.headers | ({"Idempotency-Key": key} if key else {})
        return self.client.post(f"/api/v1{path}", fields, headers=headers)

    def send(self, method: str, path: str, body: Any = None, *, key: str | None = None) -> Any:
        headers = self.headers | ({"Idempotency-Key": key} if key else {})
        content = "" if body is None else json.dumps(body)
        return self.client.generic(method, f"/api/v1{path}", content, "application/json", headers=headers)


@pytest.fixture
def calls(db) -> Callable[[User | None], Caller]:
    return Caller


def refused(response: Any, status: int, code: str) -> dict[str, Any]:
    """The problem document of a refusal, checked for its form."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    assert problem["status"] == status
    assert problem["code"] == code, problem
    assert problem["type"].endswith(f":{code}")
    assert problem["title"] and problem["detail"]
    return problem

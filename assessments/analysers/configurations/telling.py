"""Tell rules as plain JSON objects, for the command and the API."""

from typing import Any

from assessments.analysers.configurations.rules import Rule, Ruleset, Service


def told(ruleset: Ruleset) -> dict[str, Any]:
    """Hostname, lists, rules and objects; every one with the lines it stands at, first and last."""
    return {
        "hostname": ruleset.hostname,
        "ipv6": ruleset.ipv6,
        "lists": [
            {
                "name": scope.name,
                "default": scope.default,
                "default_line": scope.default_line,
                "implicit": scope.implicit,
                "applied": scope.applied,
                "where": list(scope.where),
            }
            for scope in ruleset.scopes
        ],
        "rules": [_rule(rule) for rule in ruleset.rules],
        "objects": [
            {"kind": one.kind, "name": one.name, "lines": [one.first_line, one.last_line], "uses": one.uses}
            for one in ruleset.objects
        ],
    }


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "number": rule.number,
        "list": rule.scope,
        "order": rule.order,
        "name": rule.name,
        "action": rule.action,
        "target": rule.target,
        "family": rule.family,
        "direction": rule.direction,
        "interfaces_in": list(rule.interfaces_in),
        "interfaces_out": list(rule.interfaces_out),
        "sources": rule.sources.text,
        "destinations": rule.destinations.text,
        "services": [_service(service) for service in rule.services],
        "states": list(rule.states),
        "conditions": list(rule.conditions),
        "logging": rule.logging,
        "enabled": rule.enabled,
        "comment": rule.comment,
        "hits": rule.hits,
        "lines": [rule.first_line, rule.last_line],
    }


def _service(service: Service) -> dict[str, Any]:
    """Ports are inclusive ranges; none means any port."""
    return {
        "protocol": service.protocol,
        "ports": [list(pair) for pair in service.ports],
        "source_ports": [list(pair) for pair in service.source_ports],
        "text": service.text,
    }

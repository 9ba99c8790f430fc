"""Ask a rule from a template: ``{% may "claim" submission as ok %}``."""

from typing import Any

from django import template
from django.template import Context

from workbench.access import may as allowed

register = template.Library()


@register.simple_tag(takes_context=True)
def may(context: Context, rule: str, subject: Any) -> bool:
    return allowed(context["user"], rule, subject)

"""The page that shows every component with sample data, for those who build pages."""

import base64
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from workbench.access import public
from workbench.templatetags.components import STATES, card_label

DIGEST = "9f2c1f0d6f3c4b8f0a1b5b9a7d3e6c2f4a8b1c0d9e7f6a5b4c3d2e1f0a9b8c7d"
LEVELS = [
    ("Not yet", "Rules are missing or let everything through; the reason for them is not given.", 0),
    ("Developing", "Needed services work, but some rules are wider than the stated policy.", 1),
    ("Proficient", "Every rule follows from the policy, the default is deny, and the order is explained.", 2),
    ("Advanced", "Also anticipates change: named objects, logging of refusals, a tested way back.", 3),
]
CRITERIA = [
    ("FW.1", "Writes a least-privilege rule set", 40, 2, 3),
    ("FW.2", "Explains the effect of each rule", 30, 2, 2),
    ("FW.3", "Tests the configuration against the policy", 30, 1, 2),
]
CODE = """*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
-A INPUT -i lo -j ACCEPT
-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A INPUT -p tcp --dport 22 -j ACCEPT
-A INPUT -s 10.20.0.0/24 -p tcp --dport 443 -m conntrack --ctstate NEW -j ACCEPT
-A FORWARD -i eth1 -o eth0 -j ACCEPT
COMMIT"""
NOTES = {
    6: ("warning", "SSH is open to every address: name the management network."),
    8: ("info", "Reviewed by Bo"),
}
BADGE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 240">'
    '<path d="M120 8 217 64v112l-97 56-97-56V64z" fill="#f6b73c"/>'
    '<path d="M120 24 203 72v96l-83 48-83-48V72z" fill="#0b5568"/>'
    '<path d="m82 124 28 28 52-60" fill="none" stroke="#fff" stroke-width="16" stroke-linecap="round"/></svg>'
)


class SampleForm(forms.Form):
    title = forms.CharField(label="Title", help_text="What an assessor reads first.", max_length=80)
    link = forms.URLField(label="Link", required=False, assume_scheme="https")
    kind = forms.ChoiceField(
        label="Kind", choices=[("fw", "Firewall configuration"), ("pcap", "Packet capture")]
    )
    narrative = forms.CharField(label="Narrative", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    criteria = forms.MultipleChoiceField(
        label="Criteria it supports",
        choices=[(code, f"{code} {title}") for code, title, *_rest in CRITERIA],
        widget=forms.CheckboxSelectMultiple,
    )
    visibility = forms.ChoiceField(
        label="Who may see it once the badge is public",
        choices=[
            ("public", card_label("Public", "Page and file, for anyone.", "globe")),
            ("summary", card_label("Summary", "Page with the digest, never the file.", "eye")),
            ("private", card_label("Private", "Only for assessors.", "lock")),
        ],
        widget=forms.RadioSelect(attrs={"class": "radio-cards"}),
        initial="summary",
    )
    file = forms.FileField(label="File", help_text="At most 64 MB.")
    own_work = forms.BooleanField(label="This is my own work.", help_text="Say in the narrative who helped.")


class SampleFilters(forms.Form):
    programme = forms.ChoiceField(
        label="Programme", choices=[("", "All"), ("1", "Cybersecurity 2026")], required=False
    )
    age = forms.ChoiceField(
        label="Waiting for", choices=[("", "Any time"), ("7", "More than a week")], required=False
    )
    mine = forms.BooleanField(label="Only mine", required=False)


def sample_criteria() -> list[dict[str, Any]]:
    return [
        {
            "code": code,
            "title": title,
            "weight": weight,
            "levels": [
                {
                    "id": f"{code}-{position}",
                    "quality": quality,
                    "description": text,
                    "points": points,
                    "required": position == required,
                    "achieved": position == achieved,
                }
                for position, (quality, text, points) in enumerate(LEVELS)
            ],
        }
        for code, title, weight, required, achieved in CRITERIA
    ]


def sample_lines() -> list[dict[str, Any]]:
    lines = []
    for number, text in enumerate(CODE.splitlines(), start=1):
        tone, note = NOTES.get(number, ("", ""))
        lines.append({"number": number, "text": text, "tone": tone, "note": note})
    return lines


TABS = [
    {"url": "#all", "label": "All", "count": 42, "current": True},
    {"url": "#mine", "label": "Mine", "count": 3, "current": False},
    {"url": "#done", "label": "Decided", "count": None, "current": False},
]
TIMELINE = [
    {"title": "Submitted", "when": "3 June, 14:02", "who": "Ada Lovelace", "icon": "send", "tone": "info"},
    {
        "title": "Returned for revision",
        "when": "5 June, 09:31",
        "who": "Bo Segers",
        "icon": "undo-2",
        "tone": "warning",
        "text": "Name the management network in rule 6, then hand it in again.",
    },
    {"title": "In review", "when": "8 June, 10:15", "state": "current"},
    {"title": "Decision", "when": "expected by 12 June", "state": "upcoming"},
]
CHECKS = [
    {"name": "Signature", "passed": True, "detail": "Signed by the key that the issuer publishes."},
    {"name": "Issuer", "passed": True, "detail": "Université de Lille, at the address in the badge."},
    {"name": "Status", "passed": False, "detail": "The issuer revoked this badge on 3 June 2026."},
    {"name": "Evidence", "passed": None, "detail": "The file is private; nothing to compare."},
]
SHORTCUTS = [
    {"keys": ["j"], "text": "Next criterion"},
    {"keys": ["1", "…", "4"], "text": "Choose a level"},
    {"keys": ["?"], "text": "This sheet"},
]


def sample_context() -> dict[str, Any]:
    return {
        "form": SampleForm(initial={"title": "Edge firewall of the lab"}),
        "refused": SampleForm(
            {"refused-link": "not a link", "refused-visibility": "public"}, prefix="refused"
        ),
        "filters": SampleFilters(prefix="filter"),
        "states": list(STATES),
        "tones": ["info", "success", "warning", "danger"],
        "criteria": sample_criteria(),
        "lines": sample_lines(),
        "digest_value": DIGEST,
        "badge": "data:image/svg+xml;base64," + base64.b64encode(BADGE.encode()).decode(),
        "tabs": TABS,
        "timeline": TIMELINE,
        "checks": CHECKS,
        "shortcuts": SHORTCUTS,
        "people": ["Ada Lovelace", "Bo Segers", "Cy Dubois"],
    }


@public
def styleguide(request: HttpRequest) -> HttpResponse:
    """Mounted in debug only."""
    messages.success(request, "Your work was handed in.")
    return render(request, "styleguide.html", sample_context())

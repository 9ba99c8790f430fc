"""Print a badge as a certificate that carries the signed badge inside."""

import io

import segno
from django.utils.translation import gettext as _
from django.utils.translation import override

from badges.models import Credential
from badges.publishing import badge_png
from badges.showing import shown
from workbench.rendering import Carried, Drawing, render_pdf


def certificate(credential: Credential, *, holder: str = "") -> bytes:
    """An A4 page in the language of the award; ``holder`` only when the holder asks for it."""
    with override(credential.award["achievement"]["language"]):
        page = shown(credential)
        description = _("The signed Open Badge")
    return render_pdf(
        "reports/certificate.html",
        {"badge": page, "award": page.award, "holder": holder},
        language=page.award.achievement.language,
        drawings={
            "badge.png": Drawing(badge_png(credential), "image/png"),
            "code.svg": Drawing(_code(page.award.credential_url), "image/svg+xml"),
        },
        carried=(Carried(f"{credential.pk}.json", credential.signed.encode(), description),),
    )


def _code(url: str) -> bytes:
    """A QR code that a phone reads from paper: error level M, quiet zone of its own."""
    drawn = io.BytesIO()
    segno.make(url, error="m", micro=False).save(
        drawn, kind="svg", scale=4, border=2, dark="#0d2a36", light="#ffffff", svgclass=None, lineclass=None
    )
    return drawn.getvalue()

"""Say in words where in a file something stands."""

from django.utils.translation import gettext as _

from assessments.analysers.analysis import Place


def in_words(place: Place) -> str:
    """“line 3”, “lines 3–5”, and the same of packets and pages."""
    values = {"first": place.first, "last": place.last}
    if place.first == place.last:
        return {
            "line": _("line %(first)s"),
            "packet": _("packet %(first)s"),
            "page": _("page %(first)s"),
        }[place.unit] % values
    return {
        "line": _("lines %(first)s–%(last)s"),
        "packet": _("packets %(first)s–%(last)s"),
        "page": _("pages %(first)s–%(last)s"),
    }[place.unit] % values


def query(place: Place) -> str:
    """The end of a viewer's address that opens it there."""
    if place.unit == "line":
        span = f"{place.first}-{place.last}" if place.last > place.first else str(place.first)
        return f"?line={span}#L{place.first}"
    return f"?{place.unit}={place.first}"

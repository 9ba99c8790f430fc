"""Say in words why a part of a file was not read."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.analysers.analysis import Skipped

REASONS: Final[Mapping[str, Any]] = {
    # Every kind of file
    "no-reader": gettext_lazy("Nothing here reads this kind of file: download it."),
    "damaged-tail": gettext_lazy("The file is damaged or cut off from here on; what stands before was read."),
    "embedded-file": gettext_lazy("A file inside the file was not read."),
    "encrypted": gettext_lazy("It is encrypted, so nobody can read it here."),
    "limit": gettext_lazy("There is more than is read of one file; the rest was left out."),
    "undecodable": gettext_lazy(
        "Parts of the text are in no known encoding; they are shown as question marks."
    ),
    # Configurations
    "unknown-statement": gettext_lazy("A statement that is not known was left out."),
    "bad-value": gettext_lazy("A statement whose value makes no sense was left out."),
    "comparison-limit": gettext_lazy("So many rules that not all of them were compared with each other."),
    "dtd-refused": gettext_lazy("The XML holds a document type declaration, which is never read."),
    # Captures
    "no-header": gettext_lazy("It does not begin as a capture does, so no packet could be found."),
    "damaged-middle": gettext_lazy("It is damaged here, and nothing behind this place could be read."),
    "modified-pcap": gettext_lazy(
        "It is in a changed form of pcap that few programs write. Save it as pcapng."
    ),
    "undecoded-link": gettext_lazy("Packets of a kind of link that is counted and not taken apart."),
    "unknown-blocks": gettext_lazy("Blocks of a kind that is not known were passed over."),
    "name-blocks": gettext_lazy("The file's own list of names was passed over: names come from the packets."),
    "table-full": gettext_lazy("More different entries than a table holds; the rest was counted together."),
    "size-limit": gettext_lazy("Unpacked, it is larger than what is read of one capture."),
    "ratio-limit": gettext_lazy("It unpacks to so much more than its size that reading stopped."),
    # Documents and images
    "archive-bomb": gettext_lazy("A part unpacks to so much more than its size that it was left out."),
    "archive-limit": gettext_lazy("There are more parts in it than are read of one document."),
    "damaged-archive": gettext_lazy("A part of the document is damaged and could not be unpacked."),
    "damaged-xml": gettext_lazy("A part of the document is damaged and was read up to the damage."),
    "missing-part": gettext_lazy("A part that the document speaks of is not in it."),
    "xml-dtd": gettext_lazy("A part holds a document type declaration, which is never read."),
    "xml-limit": gettext_lazy("A part is nested deeper or larger than what is read."),
    "damaged-json": gettext_lazy("It is no valid JSON; it is shown as text."),
    "damaged-frames": gettext_lazy("Some pictures of the animation are damaged."),
    "damaged-metadata": gettext_lazy("What the file says about itself is damaged and was left out."),
    "damaged-object": gettext_lazy("An object of the PDF is damaged and was left out."),
    "damaged-pdf": gettext_lazy("The PDF is damaged and could not be opened."),
    "damaged-outline": gettext_lazy("The table of contents of the PDF is damaged and was left out."),
    "damaged-page": gettext_lazy("A page is damaged and could not be read."),
    "damaged-table": gettext_lazy("The table is damaged and was read up to the damage."),
    "frame-limit": gettext_lazy("The animation has more pictures than are counted."),
    "object-limit": gettext_lazy("The PDF has more objects than are looked at."),
    "page-limit": gettext_lazy("The document has more pages than are read."),
    "pdf-structure": gettext_lazy("The structure of the PDF is damaged; what could be found was read."),
    "time-limit": gettext_lazy("The pages took so long to read that the rest was left out."),
    "too-large": gettext_lazy("The document is larger than what is read of one."),
    "not-text": gettext_lazy("It is no text in any known encoding."),
    "text-limit": gettext_lazy("There is more text than is kept of one document; the rest was left out."),
    "not-an-image": gettext_lazy("It is no image that can be opened."),
    "broken-image": gettext_lazy("The image is damaged and could not be opened."),
    "too-many-pixels": gettext_lazy("The image has more pixels than are opened here."),
}


def in_words(part: Skipped) -> str:
    """The sentence, with how often it happened and the part's own name where that helps."""
    sentence = str(REASONS.get(part.reason, _("A part was left out.")))
    if part.detail:
        sentence = _("%(sentence)s (%(detail)s)") % {"sentence": sentence, "detail": part.detail}
    if part.count > 1:
        sentence = _("%(sentence)s %(count)s times.") % {"sentence": sentence, "count": part.count}
    return sentence

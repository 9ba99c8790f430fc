"""What each finding in a document means, why it matters and what to look for."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from assessments.explaining.words import Words

WORDS: Final[Mapping[str, Words]] = {
    "pdf-javascript": Words(
        _("The PDF holds JavaScript"),
        _("A report needs no program. One that runs on opening is a common way into a computer."),
        _("Read the document here, where nothing of it runs, and ask for a copy without it."),
    ),
    "pdf-launch": Words(
        _("The PDF asks to start a program"),
        _("A click on the right spot would open another program or file on the reader's computer."),
        _("Read the document here, where nothing of it runs, and ask why it does that."),
    ),
    "pdf-attachment": Words(
        _("Files attached to the PDF: %(count)s"),
        _("Attached files are not shown on any page, and nobody has looked for secrets in them."),
        _("Ask for what is needed as evidence of its own; do not open the rest."),
    ),
    "pdf-form": Words(
        _("The PDF is a form"),
        _("What was filled in may not appear in its text, and can still be changed by anyone."),
        _("If an answer seems to be missing, ask for the printed form (“print to PDF”)."),
    ),
    "encrypted": Words(
        _("The document is encrypted"),
        _("Without its password nobody can read it here, or tell whether secrets stand in it."),
        _("Hand in a copy without password protection."),
    ),
    "external-content": Words(
        _("Things the document loads or opens from elsewhere: %(count)s"),
        _(
            "A template, picture or form on another server tells its owner who opened the document, and may "
            "change after the review."
        ),
        _("Read the document here, where nothing is loaded, and have what matters put into the file itself."),
    ),
    "embedded-file": Words(
        _("Files inside the document: %(count)s"),
        _("They do not appear in the text, and nobody has looked for secrets in them."),
        _("Ask for what is needed as evidence of its own; do not open the rest."),
    ),
    "office-macros": Words(
        _("The document holds macros"),
        _("Macros are programs. They run with the rights of whoever opens the document and allows them."),
        _("Read the document here, where nothing of it runs, and ask for a copy without macros."),
    ),
    "tracked-changes": Words(
        _("The document holds tracked changes"),
        _("Deleted words are still in the file: anyone who opens it can read them, and who wrote them."),
        _("Accept or reject all changes before handing it in, if they are not part of the evidence."),
    ),
    "hidden-sheet": Words(
        _("The workbook has hidden sheets"),
        _("They were read here like the others, but a reader does not see them at first."),
        _("Look at them in the text: calculations or data that matter may stand there."),
    ),
    "no-text": Words(
        _("No page holds text"),
        _("The pages are pictures, most often scans: they cannot be searched, also not for secrets."),
        _("Look at the pages themselves, and at whether passwords or names can be read on them."),
    ),
}

"""What each problem code says to the person who can put it right."""

import re
from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessments.importing.problems import Problem

MESSAGES: Mapping[str, str | Promise] = {
    # The file as a whole
    "no-file": _(
        "There is no file to read. Choose a CASE package (JSON), or the CSV files or a ZIP of them."
    ),
    "empty-file": _("The file is empty. Export it again and choose the new file."),
    "too-large": _(
        "Together the files are larger than %(limit)s MB. Import the referential in smaller parts."
    ),
    "too-large-unpacked": _("Unpacked, the ZIP is larger than %(limit)s MB. Import a smaller referential."),
    "too-many-files": _("More than %(limit)s files were given. Keep only the CASE package or the CSV files."),
    "bad-zip": _("The ZIP is damaged. Make it again, or choose the CSV files themselves."),
    "encrypted": _("The file is protected by a password. Make the ZIP again without one."),
    "spreadsheet": _("This is a spreadsheet. Save each sheet as “CSV UTF-8” and choose those files."),
    "repeated-file": _("Two files have this name. Keep one of them."),
    "unknown-format": _(
        "This file is neither a CASE package (JSON) nor CSV. Export the referential as one of them."
    ),
    "mixed-files": _("A CASE package is imported alone. Choose it without the other files."),
    "not-utf8": _("The text is not in UTF-8. Save the file as “CSV UTF-8” or as JSON in UTF-8."),
    "too-many": _("There are more than %(limit)s entries here. Import the referential in smaller parts."),
    "more-problems": _("%(count)s more problems were found. Put these right first, then import again."),
    # JSON
    "bad-json": _("This is not valid JSON from here on. Look for a missing comma, quote or bracket."),
    "bad-json-constant": _("JSON has no value “%(name)s”. Write a number, or leave the field out."),
    "bad-json-number": _("A number is too long to be read. Write it with fewer digits."),
    "too-deep": _(
        "Objects are nested more than %(limit)s deep. CASE packages are far flatter: check the export."
    ),
    "repeated-key": _("The field “%(key)s” is written twice in one object. Keep the one that is right."),
    "bad-character": _("The text holds a control character that cannot be kept. Remove it."),
    "not-an-object": _("A JSON object was expected here. Write the fields between braces."),
    "not-a-list": _("A list was expected here. Write the values between square brackets."),
    "not-a-text": _("A text was expected here. Write the value between quotes."),
    "not-a-package": _("This is no CASE package: it has no CFDocument. Export the whole CFPackage."),
    # Single values
    "missing": _("“%(field)s” is missing. Fill it in."),
    "too-long": _("The text is longer than %(limit)s characters. Shorten it."),
    "bad-identifier": _(
        "“%(identifier)s” is no UUID. Write one such as 123e4567-e89b-12d3-a456-426614174000."
    ),
    "repeated-identifier": _("“%(identifier)s” is already used at %(first)s. Give each entry its own."),
    "bad-number": _(
        "This is no number that can be kept. Write digits, with a point or a comma before decimals."
    ),
    "not-whole": _("A whole number is expected here. Remove the decimals."),
    "number-out-of-range": _(
        "The number must be below %(limit)s and have no more than %(decimals)s decimals. Round it."
    ),
    "bad-date": _("“%(text)s” is no date and time. Write it as 2026-01-31T12:00:00Z."),
    "bad-language": _("“%(language)s” is no language code. Use two letters, such as en, fr or nl."),
    "bad-uri": _("“%(uri)s” is no complete address. Write one that begins with https://, http:// or urn:."),
    "unknown-status": _("“%(status)s” is no adoption status. Use draft, adopted or deprecated."),
    # CSV
    "bad-csv": _("The quotes on this line do not match. Close each quoted cell, or export the table again."),
    "unknown-table": _(
        "The columns of this file are not known. Compare its first line with the documented columns."
    ),
    "repeated-table": _("This table was already given as %(first)s. Keep one of them."),
    "missing-competencies": _(
        "The table of competencies is missing. Add the file with columns code and title_…."
    ),
    "no-competencies": _("The table has a header and no competency. Add at least one line."),
    "missing-document": _(
        "The referential has no title. Add referential.csv with a title_… line, or a column document_title_…."
    ),
    "unknown-column": _("The column “%(column)s” is not known. Correct its name, or remove it."),
    "repeated-column": _("The column “%(column)s” is there twice. Keep one of them."),
    "unknown-field": _("The field “%(field)s” is not known. Correct its name, or remove the line."),
    "cell-without-column": _(
        "Cell %(number)s has a value and no column. Name the column, or clear the cell."
    ),
    "conflicting-cells": _(
        "The value differs from the one at %(first)s. Make them equal, or leave this one empty."
    ),
    "unknown-code": _("No competency has the code “%(code)s”. Correct it, or add the competency."),
    "alignment-without-uri": _(
        "“%(code)s” is no competency of this file. Give the alignment an address, or correct the code."
    ),
    "repeated-level": _(
        "Level %(level)s is already given at %(first)s. Number each level of a criterion once."
    ),
    # The referential as a whole
    "repeated-code": _("The code “%(code)s” is already used at %(first)s. Give each its own code."),
    "unknown-parent": _(
        "The parent “%(parent)s” is not in the referential. Add it, or choose another parent."
    ),
    "parent-loop": _(
        "“%(code)s” is below itself in the tree. Choose another parent for one of its ancestors."
    ),
    "positions-not-ascending": _(
        "Position %(position)s does not come after the one before it. Number them upwards."
    ),
    "unknown-association-type": _(
        "“%(type)s” is no CASE association type. Use one of CASE, or begin it with ext:."
    ),
    "unknown-node": _(
        "The association points to “%(identifier)s”, which is not here. Give it an address, or remove it."
    ),
    "unknown-competency": _(
        "The criterion judges “%(identifier)s”, which is no competency here. Correct the link."
    ),
    "rubric-without-criteria": _("The rubric has no criterion. Add one, or remove the rubric."),
    "too-few-levels": _(
        "The criterion “%(code)s” has fewer than two levels. Add the levels it is judged by."
    ),
    "weight-not-positive": _("The weight is %(weight)s. Give the criterion a weight above zero, or none."),
    "points-falling": _(
        "The points fall from %(before)s to %(points)s. Put the levels from weakest to best."
    ),
    "no-complete-language": _(
        "“%(field)s” has no text in %(language)s and no other language is complete. Write it in %(language)s."
    ),
}


_IN_A_TABLE = re.compile(r"(?P<file>.+) line (?P<line>\d+)(?:, column (?P<column>.+))?")

_IN_JSON = re.compile(r"line (?P<line>\d+), column (?P<column>\d+)")


def place(problem: Problem) -> str:
    """Where a problem is, in the reader's language; a JSON path is the same in all."""
    in_json = _IN_JSON.fullmatch(problem.where)
    if in_json:
        return str(_("line %(line)s, column %(column)s")) % in_json.groupdict()
    found = _IN_A_TABLE.fullmatch(problem.where)
    if found is None:
        return problem.where
    if found["column"]:
        return str(_("%(file)s line %(line)s, column %(column)s")) % found.groupdict()
    return str(_("%(file)s line %(line)s")) % {"file": found["file"], "line": found["line"]}


def message(problem: Problem) -> str:
    """The sentence for a problem, in the reader's language."""
    return str(MESSAGES[problem.code]) % problem.values

"""What people call the parts of a referential and their fields, where a difference is shown."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KINDS: Mapping[str, str | Promise] = {
    "document": _("Referential"),
    "competency": _("Competencies"),
    "association": _("Relations and alignments"),
    "rubric": _("Rubrics"),
    "criterion": _("Criteria"),
    "level": _("Levels"),
}

ONE: Mapping[str, str | Promise] = {
    "document": _("Referential"),
    "competency": _("Competency"),
    "association": _("Relation"),
    "rubric": _("Rubric"),
    "criterion": _("Criterion"),
    "level": _("Level"),
}

RELATIONS: Mapping[str, str | Promise] = {
    "exactMatchOf": _("Exact match of"),
    "exemplar": _("Example of"),
    "hasSkillLevel": _("Has the skill level"),
    "isChildOf": _("Child of"),
    "isPartOf": _("Part of"),
    "isPeerOf": _("Peer of"),
    "isRelatedTo": _("Related to"),
    "isTranslationOf": _("Translation of"),
    "precedes": _("Comes before"),
    "replacedBy": _("Replaced by"),
}

FIELDS: Mapping[str, str | Promise] = {
    "abbreviated": _("Short statement"),
    "adoption_status": _("Adoption status"),
    "case_version": _("CASE version"),
    "code": _("Code"),
    "competency": _("Competency judged"),
    "creator": _("Creator"),
    "description": _("Description"),
    "descriptions": _("Description"),
    "destination_identifier": _("Points to"),
    "destination_title": _("Title of what it points to"),
    "destination_uri": _("Address of what it points to"),
    "education_levels": _("Education levels"),
    "extra": _("Fields kept for the CASE export"),
    "feedbacks": _("Feedback"),
    "full_statement": _("Full statement"),
    "grouping": _("Grouping"),
    "human_code": _("Code"),
    "language": _("Language"),
    "licence_title": _("Licence"),
    "licence_url": _("Address of the licence"),
    "list_enumeration": _("Number in the list"),
    "notes": _("Notes"),
    "official_source_url": _("Official source"),
    "origin_identifier": _("Starts at"),
    "origin_title": _("Title of where it starts"),
    "origin_uri": _("Address of where it starts"),
    "parent": _("Parent"),
    "points": _("Points"),
    "position": _("Position"),
    "publisher": _("Publisher"),
    "qualities": _("Quality"),
    "sequence": _("Sequence number"),
    "titles": _("Title"),
    "type": _("Type"),
    "version": _("Version"),
    "weight": _("Weight"),
}

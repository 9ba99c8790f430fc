"""The closed word lists of Open Badges 3.0, and the form that any other word takes."""

import re

ACHIEVEMENT_TYPES = frozenset(
    {
        "Achievement",
        "ApprenticeshipCertificate",
        "Assessment",
        "Assignment",
        "AssociateDegree",
        "Award",
        "Badge",
        "BachelorDegree",
        "Certificate",
        "CertificateOfCompletion",
        "Certification",
        "CommunityService",
        "Competency",
        "Course",
        "CoCurricular",
        "Degree",
        "Diploma",
        "DoctoralDegree",
        "Fieldwork",
        "GeneralEducationDevelopment",
        "JourneymanCertificate",
        "LearningProgram",
        "License",
        "Membership",
        "ProfessionalDoctorate",
        "QualityAssuranceCredential",
        "MasterCertificate",
        "MasterDegree",
        "MicroCredential",
        "ResearchDoctorate",
        "SecondarySchoolDiploma",
    }
)
TARGET_TYPES = frozenset(
    {
        "ceasn:Competency",
        "ceterms:Credential",
        "CFItem",
        "CFRubric",
        "CFRubricCriterion",
        "CFRubricCriterionLevel",
        "CTDL",
    }
)


def term(word: str, words: frozenset[str]) -> str | None:
    """`word` if it is in the list, else as `ext:…`, which is how the schema lets a list be extended."""
    cleaned = word.strip()
    if cleaned in words:
        return cleaned
    extension = re.sub(r"[^A-Za-z0-9_.-]+", "-", cleaned.removeprefix("ext:")).strip("-")
    return f"ext:{extension}" if extension else None

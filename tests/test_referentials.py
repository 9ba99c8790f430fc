"""Importing: read, compare, save all or nothing, adopt, export, import again."""

import json
import uuid
from dataclasses import replace
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from assessments.importing.csv_pair import write_csv
from assessments.importing.messages import place
from assessments.importing.problems import MAX_BYTES, Problem
from assessments.importing.reading import read
from assessments.importing.records import CompetencyRecord, ReferentialRecord
from assessments.importing.rows import content_digest, read_record
from assessments.importing.saving import adopt, import_files, preview, save
from assessments.models import Competency, Referential
from assessments.publishing import case_package
from tests import factories
from tests.importing.samples import PILOT
from workbench.access import Forbidden
from workbench.errors import DomainError
from workbench.models import Event

CASE = {"cybersecurity.json": (PILOT / "cybersecurity.json").read_bytes()}
TABLES = {path.name: path.read_bytes() for path in sorted(PILOT.glob("*.csv"))}


def pilot(**changes) -> ReferentialRecord:
    found = read(CASE).record
    assert found is not None
    return replace(found, **changes)


def exported(referential: Referential) -> dict[str, bytes]:
    return {"export.json": json.dumps(case_package(referential)).encode()}


def retitled(title: str, **changes) -> ReferentialRecord:
    return pilot(titles={"en": title, "fr": title, "nl": title}, **changes)


def test_the_pilot_survives_saving_exporting_and_another_organisation(organisation, root):
    saved = import_files(CASE, organisation=organisation, by=root)
    elsewhere = factories.make_organisation("technocite")
    factories.grant(root, "administrator", elsewhere)

    again = import_files(exported(saved), organisation=elsewhere, by=root)

    assert read_record(saved) == read_record(again) == pilot()
    assert again.pk != saved.pk and again.content_digest == saved.content_digest
    assert case_package(again) == case_package(saved)


def test_importing_an_export_into_the_same_organisation_changes_nothing(organisation, root):
    saved = import_files(CASE, organisation=organisation, by=root)

    assert preview(exported(saved), organisation=organisation, by=root).changes_nothing
    for files in (exported(saved), CASE, write_csv(read_record(saved))):
        with pytest.raises(DomainError) as refused:
            import_files(files, organisation=organisation, by=root)
        assert (refused.value.code, refused.value.extra["id"]) == ("nothing-changed", str(saved.pk))
    assert Referential.objects.count() == 1


def test_numbers_padded_by_their_column_are_no_change(organisation, root):
    record = pilot()
    rubric = record.rubrics[0]
    weighted = replace(rubric.criteria[0], weight=Decimal("1.50"))
    half = replace(record, rubrics=(replace(rubric, criteria=(weighted, *rubric.criteria[1:])),))
    saved = save(half, organisation=organisation, by=root)

    assert content_digest(read_record(Referential.objects.get(pk=saved.pk))) == saved.content_digest


def test_members_of_a_package_that_nobody_models_come_back(organisation, root):
    package = json.loads(CASE["cybersecurity.json"]) | {"version": "of the package", "ours": {"a": [1, 2]}}
    saved = import_files({"p.json": json.dumps(package).encode()}, organisation=organisation, by=root)

    written = case_package(Referential.objects.get(pk=saved.pk))

    assert (written["version"], written["ours"]) == ("of the package", {"a": [1, 2]})
    assert written["CFDocument"]["version"] == "1.0"


def test_one_bad_line_among_two_thousand_saves_nothing_and_is_named(organisation, root):
    lines = ["code,title_en,parent"] + [f"C{number},Competency {number}," for number in range(2000)]
    lines[1234] = "C1233,,"
    files = {"competencies.csv": "\n".join(lines).encode(), "referential.csv": TABLES["referential.csv"]}

    with pytest.raises(DomainError) as refused:
        import_files(files, organisation=organisation, by=root)

    [problem] = refused.value.extra["errors"]
    assert "competencies.csv line 1235" in problem["field"]
    assert not Referential.objects.exists() and not Competency.objects.exists()
    lines[1234] = "C1233,Mended,"
    files["competencies.csv"] = "\n".join(lines).encode()
    assert import_files(files, organisation=organisation, by=root).competencies.count() == 2000


def test_a_failure_half_way_leaves_nothing(organisation, root, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("assessments.importing.rows._write_rubric", fail)
    with pytest.raises(RuntimeError):
        import_files(CASE, organisation=organisation, by=root)
    assert not Referential.objects.exists()
    assert not Event.objects.filter(verb="referential-imported").exists()


def test_an_adopted_version_stays_as_it_is_when_its_name_comes_with_other_content(organisation, root):
    first = save(pilot(), organisation=organisation, by=root)

    second = save(retitled("Changed"), organisation=organisation, by=root)

    first.refresh_from_db()
    assert (first.version, second.version) == ("1.0", "1.0+2")
    assert read_record(first) == pilot()
    assert first.replaced_by == second and second.is_current
    third = save(retitled("Changed again"), organisation=organisation, by=root)
    assert third.version == "1.0+3"
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.replaced_by, second.replaced_by) == (second, third)


def test_a_draft_replaces_nothing_until_it_is_adopted(organisation, root):
    first = save(pilot(), organisation=organisation, by=root)
    draft = save(retitled("Changed", adoption_status="draft"), organisation=organisation, by=root)
    first.refresh_from_db()
    assert (draft.version, first.replaced_by) == ("1.0+2", None)

    adopt(draft, by=root)

    first.refresh_from_db()
    assert first.replaced_by == draft
    assert Event.objects.filter(verb="referential-adopted", subject_id=str(draft.pk)).exists()
    with pytest.raises(DomainError, match="Only a draft"):
        adopt(draft, by=root)


def test_a_draft_is_rewritten_in_place(organisation, root):
    draft = save(pilot(adoption_status="draft"), organisation=organisation, by=root)

    again = save(retitled("Better", adoption_status="draft"), organisation=organisation, by=root)

    assert again.pk == draft.pk and Referential.objects.count() == 1
    assert read_record(Referential.objects.get()) == retitled("Better", adoption_status="draft")


def test_a_draft_that_became_plus_two_is_rewritten_under_either_name(organisation, root):
    save(pilot(), organisation=organisation, by=root)
    draft = save(retitled("Two", adoption_status="draft"), organisation=organisation, by=root)

    by_base = save(retitled("Three", adoption_status="draft"), organisation=organisation, by=root)
    by_name = save(
        retitled("Four", adoption_status="draft", version="1.0+2"), organisation=organisation, by=root
    )

    assert by_base.pk == by_name.pk == draft.pk and by_name.version == "1.0+2"


@pytest.mark.parametrize("person", ["ada", "bo", "mo", "dee"])
def test_only_an_administrator_imports_and_adopts(person, request, organisation, root):
    someone = request.getfixturevalue(person)
    draft = save(pilot(adoption_status="draft"), organisation=organisation, by=root)
    for refused in (
        lambda: preview(CASE, organisation=organisation, by=someone),
        lambda: import_files(CASE, organisation=organisation, by=someone),
        lambda: save(pilot(), organisation=organisation, by=someone),
        lambda: adopt(draft, by=someone),
    ):
        with pytest.raises(Forbidden):
            refused()


def test_an_administrator_of_another_organisation_is_a_stranger_here(organisation, dee):
    factories.grant(dee, "administrator", factories.make_organisation("elsewhere"))
    with pytest.raises(Forbidden):
        import_files(CASE, organisation=organisation, by=dee)


@pytest.mark.django_db(transaction=True)
def test_the_same_import_twice_at_once_is_saved_once():
    organisation = factories.make_organisation("lille")
    root = factories.make_user("Root Claes")
    factories.grant(root, "administrator", organisation)

    found = factories.at_once(lambda _turn: import_files(CASE, organisation=organisation, by=root), range(2))

    saved = [one for one in found if isinstance(one, Referential)]
    refused = [one for one in found if isinstance(one, DomainError)]
    assert len(saved) == 1 and [error.code for error in refused] == ["nothing-changed"]
    assert read_record(Referential.objects.get()) == pilot()


@pytest.mark.django_db(transaction=True)
def test_two_different_imports_at_once_become_two_versions():
    organisation = factories.make_organisation("lille")
    root = factories.make_user("Root Claes")
    factories.grant(root, "administrator", organisation)
    records = [retitled("One"), retitled("Two")]

    found = factories.at_once(lambda record: save(record, organisation=organisation, by=root), records)

    assert sorted(one.version for one in found) == ["1.0", "1.0+2"]
    assert Referential.objects.filter(replaced_by=None).count() == 1


# --- The command ---------------------------------------------------------------------------------------


def run(*files: Path, organisation: str = "lille") -> str:
    out = StringIO()
    call_command("import_referential", *map(str, files), organisation=organisation, stdout=out)
    return out.getvalue()


def test_the_command_says_what_changes_and_the_id_on_the_last_line(organisation):
    said = run(PILOT / "cybersecurity.json").splitlines()

    saved = Referential.objects.get()
    assert said[-1] == str(saved.pk)
    assert f"+ Competencies: {saved.competencies.count()}" in said
    assert Event.objects.get(verb="referential-imported").actor is None


def test_the_command_takes_the_tables_and_says_when_nothing_changed(organisation):
    first = run(*sorted(PILOT.glob("*.csv"))).splitlines()
    second = run(PILOT / "cybersecurity.json").splitlines()

    assert second == ["nothing changed", first[-1]]
    assert Referential.objects.count() == 1


def test_the_command_names_the_place_of_each_problem(organisation, tmp_path):
    broken = tmp_path / "competencies.csv"
    broken.write_text("code,title_en,parent\nA,First,\nB,,Z\n")
    document = tmp_path / "referential.csv"
    document.write_bytes(TABLES["referential.csv"])
    err = StringIO()

    with pytest.raises(CommandError, match="nothing was imported"):
        call_command("import_referential", str(broken), str(document), organisation="lille", stderr=err)

    places = [line.split(":")[0] for line in err.getvalue().splitlines()]
    assert places and all(place.startswith("competencies.csv line 3") for place in places)
    assert not Referential.objects.exists()


def test_the_command_refuses_what_it_cannot_find_or_read(organisation, tmp_path):
    with pytest.raises(CommandError, match="no organisation"):
        run(PILOT / "cybersecurity.json", organisation="nowhere")
    with pytest.raises(CommandError, match="cannot read"):
        run(tmp_path / "absent.json")
    huge = tmp_path / "huge.json"
    with huge.open("wb") as file:
        file.truncate(MAX_BYTES + 10)
    with pytest.raises(CommandError, match="nothing was imported"):
        run(huge)


@pytest.mark.parametrize(
    "where",
    ["a line 2.csv line 3, column title_fr", "competencies.csv line 12", "line 4, column 7", "$.CFItems[3]"],
)
def test_a_place_reads_in_english_as_the_importer_wrote_it(where):
    assert place(Problem(where, "missing", {"field": "title"})) == where


def test_a_place_follows_the_readers_language(monkeypatch):
    words = {"%(file)s line %(line)s": "%(file)s, ligne %(line)s"}
    monkeypatch.setattr("assessments.importing.messages._", lambda text: words.get(text, text))
    assert place(Problem("rubric.csv line 9", "bad-csv")) == "rubric.csv, ligne 9"


# --- A stranger's tree -----------------------------------------------------------------------------------


def test_a_chain_of_a_thousand_parents_is_saved_and_rewritten(organisation, root):
    identifiers = [str(uuid.uuid4()) for _number in range(1000)]
    chain = tuple(
        CompetencyRecord(
            own, f"C{number}", {"en": "A step"}, parent=identifiers[number - 1] if number else None
        )
        for number, own in enumerate(identifiers)
    )
    record = pilot(competencies=chain, associations=(), rubrics=(), adoption_status="draft")

    save(record, organisation=organisation, by=root)
    again = save(replace(record, notes="Rewritten"), organisation=organisation, by=root)

    assert read_record(Referential.objects.get(pk=again.pk)).competencies == chain
    assert len(case_package(again)["CFItems"]) == 1000

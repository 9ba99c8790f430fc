"""The pages of referentials, and the public CASE addresses."""

import io
import json
import re
import uuid
import zipfile
from html.parser import HTMLParser

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.importing import holding
from assessments.importing.reading import read
from assessments.importing.records import CompetencyRecord
from assessments.importing.rows import read_record
from assessments.importing.saving import adopt, import_files, save
from assessments.models import Referential
from tests import factories
from tests.test_referentials import CASE, TABLES, pilot, retitled

IMPORT = "/referentials/import/"
CONFIRM = "/referentials/import/confirm/"


@pytest.fixture
def admin(client, root):
    client.force_login(root)
    return client


@pytest.fixture
def adopted(organisation, root) -> Referential:
    return save(pilot(), organisation=organisation, by=root)


@pytest.fixture
def draft(organisation, root) -> Referential:
    return save(pilot(adoption_status="draft"), organisation=organisation, by=root)


def post(client, organisation, files: dict[str, bytes], **extra):
    uploads = [SimpleUploadedFile(name, content) for name, content in files.items()]
    return client.post(IMPORT, {"organisation": organisation.pk, "uploads": uploads} | extra)


def token_in(response) -> str:
    return re.search(r'name="token" value="([^"]+)"', response.content.decode())[1]


# --- Import ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("files", [CASE, TABLES], ids=["package", "tables"])
def test_root_sees_what_comes_and_saves_it_only_by_confirming(admin, organisation, files):
    shown = post(admin, organisation, files)

    assert shown.status_code == 200 and "new to your organisation" in shown.content.decode()
    assert not Referential.objects.exists()
    saved = admin.post(CONFIRM, {"token": token_in(shown)})
    referential = Referential.objects.get()
    assert saved.status_code == 302 and saved["Location"] == f"/referentials/{referential.pk}"
    assert read_record(referential) == pilot()


def test_a_zip_of_the_tables_is_taken(admin, organisation):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in TABLES.items():
            archive.writestr(name, content)
    shown = post(admin, organisation, {"tables.zip": target.getvalue()})
    admin.post(CONFIRM, {"token": token_in(shown)})
    assert read_record(Referential.objects.get()) == pilot()


def test_the_page_shows_before_and_after(admin, organisation, adopted):
    package = json.loads(CASE["cybersecurity.json"])
    package["CFDocument"]["title"] = "<b>Renamed</b>"

    page = post(admin, organisation, {"p.json": json.dumps(package).encode()}).content.decode()

    assert '<del lang="en">Open Badges for IT: cybersecurity pilot</del>' in page
    assert '<ins lang="en">&lt;b&gt;Renamed&lt;/b&gt;</ins>' in page
    assert Referential.objects.count() == 1


def test_what_is_there_already_offers_nothing_to_save(admin, organisation, adopted):
    page = post(admin, organisation, CASE).content.decode()
    assert "Nothing has changed" in page and 'name="token"' not in page


def test_a_confirmed_upload_is_gone(admin, organisation):
    token = token_in(post(admin, organisation, CASE))
    admin.post(CONFIRM, {"token": token})
    again = admin.post(CONFIRM, {"token": token}, follow=True)
    assert "no longer kept" in again.content.decode() and Referential.objects.count() == 1


def test_a_second_click_beside_the_first_finds_the_version(admin, organisation):
    first, second = (token_in(post(admin, organisation, CASE)) for _turn in range(2))
    admin.post(CONFIRM, {"token": first})
    again = admin.post(CONFIRM, {"token": second})
    assert again["Location"] == f"/referentials/{Referential.objects.get().pk}"


def test_a_change_meanwhile_is_shown_before_it_is_overtaken(admin, organisation, root):
    token = token_in(post(admin, organisation, CASE))
    save(retitled("Meanwhile"), organisation=organisation, by=root)

    shown = admin.post(CONFIRM, {"token": token})

    assert shown.status_code == 409 and "Meanwhile" in shown.content.decode()
    assert Referential.objects.count() == 1
    admin.post(CONFIRM, {"token": token_in(shown)})
    assert sorted(Referential.objects.values_list("version", flat=True)) == ["1.0", "1.0+2"]


def test_a_token_is_for_one_person_one_hour_and_unforged(admin, client, organisation, root, dee, monkeypatch):
    token = token_in(post(admin, organisation, CASE))
    factories.grant(dee, "administrator", organisation)
    client.force_login(dee)
    assert "no longer kept" in client.post(CONFIRM, {"token": token}, follow=True).content.decode()
    client.force_login(root)
    for forged in ("", "x", token + "x", signing.dumps(["a", "b", "c", ""], salt="other")):
        assert client.post(CONFIRM, {"token": forged})["Location"] == IMPORT
    assert not Referential.objects.exists()
    monkeypatch.setattr(holding, "HOUR", -1)
    assert client.post(CONFIRM, {"token": token})["Location"] == IMPORT
    assert not Referential.objects.exists()


def test_whoever_lost_the_role_confirms_nothing(admin, organisation, root):
    token = token_in(post(admin, organisation, CASE))
    root.groups.clear()
    assert admin.post(CONFIRM, {"token": token}).status_code == 404
    assert not Referential.objects.exists()


def test_a_problem_is_told_with_its_line_in_french(admin, organisation, root):
    root.language = "fr"
    root.save()
    tables = TABLES | {"competencies.csv": b"code,title_en,parent\nA,First,\nB,Second,Z\n"}

    answer = post(admin, organisation, tables)

    page = answer.content.decode()
    assert answer.status_code == 422 and '<html lang="fr">' in page
    assert re.search(r"<strong[^>]*>competencies\.csv[^<]*\b3\b", page)
    assert not Referential.objects.exists()


def test_a_json_problem_is_told_with_its_path(admin, organisation):
    package = json.loads(CASE["cybersecurity.json"])
    package["CFItems"][3]["identifier"] = "three"
    page = post(admin, organisation, {"p.json": json.dumps(package).encode()}).content.decode()
    assert "$.CFItems[3].identifier" in page and "is no UUID" in page


def bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("competencies.csv", b"0" * (30 * 1024 * 1024))
    return target.getvalue()


@pytest.mark.parametrize(
    ("files", "text"),
    [
        ({"bomb.zip": bomb()}, "larger than 20 MB"),
        ({"large.json": b" " * (25 * 1024 * 1024)}, "larger than 20 MB"),
        ({"a.bin": bytes(range(256)) * 40}, "not in UTF-8"),
        ({"a.pdf": b"%PDF-1.7\n\xff\xfe"}, "neither a CASE package"),
        ({"empty.csv": b""}, "empty"),
        ({"a.json": b"{"}, "not valid JSON"),
        ({"a.json": b"[" * 100_000}, "nested more than"),
        ({"a.zip": b"PK\x03\x04broken"}, "damaged"),
        ({"../../etc/<b>passwd</b>\u202e.csv": b"nothing,known\n1,2\n"}, "not known"),
    ],
)
def test_hostile_uploads_get_a_clear_message(admin, organisation, files, text):
    answer = post(admin, organisation, files)
    page = answer.content.decode()
    assert answer.status_code == 422 and text in page and "Nothing was saved" in page
    assert "\u202e" not in page and "<b>passwd" not in page
    assert not Referential.objects.exists()


def test_two_files_of_one_name_and_no_file_are_refused(admin, organisation):
    uploads = [SimpleUploadedFile("a.csv", b"1"), SimpleUploadedFile("a.csv", b"2")]
    twice = admin.post(IMPORT, {"organisation": organisation.pk, "uploads": uploads})
    none = admin.post(IMPORT, {"organisation": organisation.pk})
    assert "Two files have this name" in twice.content.decode() and twice.status_code == 422
    assert "Choose the file or files" in none.content.decode() and none.status_code == 422
    assert admin.post(IMPORT).status_code == 422


def test_root_cannot_import_into_another_organisation(admin):
    answer = post(admin, factories.make_organisation("elsewhere"), CASE)
    assert answer.status_code == 422 and not Referential.objects.exists()


@pytest.mark.parametrize("person", ["ada", "bo", "mo", "dee"])
def test_nobody_else_sees_the_pages_of_an_administrator(client, person, request, organisation, draft):
    client.force_login(request.getfixturevalue(person))
    assert client.get("/referentials/").status_code == 403
    assert client.get(IMPORT).status_code == 403
    assert post(client, organisation, CASE).status_code == 403
    assert client.get(f"/referentials/{draft.pk}").status_code == 404
    assert client.post(f"/referentials/{draft.pk}/adopt/").status_code == 404


def test_strangers_are_sent_to_sign_in(client, db):
    for address in ("/referentials/", IMPORT):
        assert client.get(address)["Location"].startswith("/accounts/login/")


# --- Reading and adopting ----------------------------------------------------------------------------------


def test_the_list_shows_versions_with_status_and_successor(admin, organisation, root, adopted):
    second = save(retitled("Second"), organisation=organisation, by=root)
    save(retitled("Third", adoption_status="draft"), organisation=organisation, by=root)
    page = admin.get("/referentials/").content.decode()
    assert all(text in page for text in ("1.0+2", "1.0+3", "Draft", "Adopted", "replaced by 1.0+2"))
    assert f'href="/referentials/{second.pk}"' in page


def test_a_draft_is_seen_by_administrators_alone_until_adopted(client, root, draft):
    addresses = [
        f"/referentials/{draft.pk}",
        f"/referentials/{draft.pk}/case.json",
        f"/referentials/{draft.pk}/csv.zip",
    ]
    assert [client.get(address).status_code for address in addresses] == [404, 404, 404]
    client.force_login(root)
    assert [client.get(address).status_code for address in addresses] == [200, 200, 200]
    private = client.get(addresses[0], headers={"accept": "application/json"})
    assert private["Cache-Control"] == "private, no-cache" and "Access-Control-Allow-Origin" not in private

    answer = client.post(f"/referentials/{draft.pk}/adopt/", follow=True)

    assert "is adopted" in answer.content.decode()
    client.logout()
    assert [client.get(address).status_code for address in addresses] == [200, 200, 200]


def test_adopting_twice_is_refused_and_get_changes_nothing(admin, draft):
    assert admin.get(f"/referentials/{draft.pk}/adopt/").status_code == 405
    admin.post(f"/referentials/{draft.pk}/adopt/")
    assert admin.post(f"/referentials/{draft.pk}/adopt/").status_code == 409


def test_an_administrator_elsewhere_cannot_adopt_what_dee_may_read(client, dee, adopted):
    factories.grant(dee, "administrator", factories.make_organisation("elsewhere"))
    client.force_login(dee)
    assert client.post(f"/referentials/{adopted.pk}/adopt/").status_code == 403


def test_anyone_reads_an_adopted_version(client, adopted, organisation, root):
    page = client.get(f"/referentials/{adopted.pk}").content.decode()
    for competency in pilot().competencies:
        assert f'<li id="{competency.identifier}">' in page and competency.human_code in page
    assert "http://data.europa.eu/esco/skill/054f26ab-cfdc-4077-883c-1c4c9e9b310a" in page
    assert page.count('<table class="rubric"') == 2
    assert "https://creativecommons.org/licenses/by/4.0/" in page
    assert "Define an achievement" not in page and "Adopt" not in page.replace("Adopted", "")

    second = save(retitled("Second"), organisation=organisation, by=root)
    page = client.get(f"/referentials/{adopted.pk}").content.decode()
    assert "A newer version replaces this one" in page and f"/referentials/{second.pk}" in page


class Nesting(HTMLParser):
    """Fails on a list mark that closes what is not open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.deepest = 0

    def handle_starttag(self, tag, attrs):
        if tag in ("ul", "li"):
            assert tag == "ul" or self.open[-1] == "ul"
            self.open.append(tag)
            self.deepest = max(self.deepest, self.open.count("ul"))

    def handle_endtag(self, tag):
        if tag in ("ul", "li"):
            assert self.open.pop() == tag


def test_the_tree_is_well_formed_and_a_deep_chain_stays_readable(client, organisation, root):
    rows, parents = [], []
    for number in range(300):
        identifier = str(uuid.uuid4())
        parent = None if number % 50 == 0 else parents[number - 1 - number % 3]
        parents.append(identifier)
        position = 1 + sum(row.parent == parent for row in rows)
        rows.append(
            CompetencyRecord(identifier, f"C{number}", {"en": "One step"}, parent=parent, position=position)
        )
    record = pilot(competencies=tuple(rows), associations=(), rubrics=())
    referential = save(record, organisation=organisation, by=root)

    page = client.get(f"/referentials/{referential.pk}").content.decode()

    tree = Nesting()
    begin = page.index('<div class="card"><div class="prose">')
    tree.feed(page[begin : page.index("</section>", begin)])
    assert tree.open == [] and tree.deepest == 8
    assert all(f'id="{identifier}"' in page for identifier in parents)


def test_a_script_in_an_address_becomes_no_link(client, organisation, root, adopted):
    Referential.objects.filter(pk=adopted.pk).update(licence_url="javascript:alert(1)", licence_title="")
    adopted.associations.update(destination_uri="javascript:alert(1)", destination=None)
    page = client.get(f"/referentials/{adopted.pk}").content.decode()
    assert 'href="javascript' not in page


def test_the_page_of_the_pilot_asks_few_queries(admin, adopted, django_assert_max_num_queries):
    admin.get(f"/referentials/{adopted.pk}")
    with django_assert_max_num_queries(15):
        assert admin.get(f"/referentials/{adopted.pk}").status_code == 200


def test_the_list_asks_as_many_queries_for_one_version_as_for_nine(
    admin, adopted, organisation, root, django_assert_num_queries
):
    with CaptureQueriesContext(
        connection,
    ) as few:
        admin.get("/referentials/")
    for number in range(8):
        save(retitled(f"Version {number}"), organisation=organisation, by=root)
    with django_assert_num_queries(len(few)):
        admin.get("/referentials/")


# --- CASE -----------------------------------------------------------------------------------------------


def test_the_case_addresses_answer_by_id_and_by_identifier(client, organisation, root, adopted):
    second = save(retitled("Second"), organisation=organisation, by=root)
    save(retitled("Draft", adoption_status="draft"), organisation=organisation, by=root)

    by_id = client.get(f"/ims/case/v1p1/CFPackages/{adopted.pk}")
    by_identifier = client.get(f"/ims/case/v1p1/CFPackages/{adopted.identifier}")

    assert read({"p.json": by_id.content}).record == pilot() == read_record(adopted)
    assert by_identifier.json()["CFDocument"]["title"] == "Second" and second.is_current
    assert by_id["Access-Control-Allow-Origin"] == "*" and by_id["Content-Type"] == "application/json"
    assert "max-age" in by_id["Cache-Control"]
    again = client.get(f"/ims/case/v1p1/CFPackages/{adopted.pk}", headers={"if-none-match": by_id["ETag"]})
    assert again.status_code == 304 and not again.content


def test_documents_name_their_package_and_items_their_document(client, adopted):
    document = client.get(f"/ims/case/v1p1/CFDocuments/{adopted.identifier}").json()
    assert (
        document["CFPackageURI"]["uri"] == f"http://testserver/ims/case/v1p1/CFPackages/{adopted.identifier}"
    )
    competency = adopted.competencies.exclude(parent=None).first()
    for address in (competency.pk, competency.identifier):
        item = client.get(f"/ims/case/v1p1/CFItems/{address}").json()
        assert item["identifier"] == str(competency.identifier)
        assert item["fullStatement"] == competency.full_statements["en"]
        assert item["CFDocumentURI"]["identifier"] == str(adopted.identifier)


@pytest.mark.parametrize("kind", ["CFPackages", "CFDocuments", "CFItems"])
def test_what_is_not_published_is_told_in_the_way_of_case(client, root, draft, kind):
    client.force_login(root)
    unknown = draft.competencies.first().identifier if kind == "CFItems" else draft.pk
    answer = client.get(f"/ims/case/v1p1/{kind}/{unknown}")
    body = answer.json()
    assert answer.status_code == 404 and answer["Access-Control-Allow-Origin"] == "*"
    assert (body["imsx_codeMajor"], body["imsx_severity"]) == ("failure", "error")
    assert body["imsx_codeMinor"]["imsx_codeMinorField"][0]["imsx_codeMinorFieldValue"] == "unknownobject"


def test_the_page_answers_json_to_programs(client, adopted):
    answer = client.get(f"/referentials/{adopted.pk}", headers={"accept": "application/json"})
    assert read({"p.json": answer.content}).record == pilot()
    assert "Accept" in answer["Vary"]
    assert "Accept" in client.get(f"/referentials/{adopted.pk}")["Vary"]


def test_both_exports_import_again(client, organisation, root, adopted):
    package = client.get(reverse("export-case", args=[adopted.pk]))
    tables = client.get(reverse("export-csv", args=[adopted.pk]))

    assert package["Content-Disposition"].startswith('attachment; filename="open-badges-for-it')
    assert read({"p.json": package.content}).record == pilot()
    assert read({"t.zip": tables.content}).record == pilot()


def test_an_adopted_draft_is_the_one_at_the_identifier(client, organisation, root, adopted):
    draft = save(retitled("Next", adoption_status="draft", version="2.0"), organisation=organisation, by=root)
    address = f"/ims/case/v1p1/CFDocuments/{adopted.identifier}"
    assert client.get(address).json()["version"] == "1.0"
    adopt(draft, by=root)
    assert client.get(address).json()["version"] == "2.0"
    elsewhere = factories.make_organisation("elsewhere")
    factories.grant(root, "administrator", elsewhere)
    import_files(CASE, organisation=elsewhere, by=root)
    assert client.get(address).status_code == 200

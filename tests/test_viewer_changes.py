"""What changed since the attempt before: line by line, rule by rule, and in what was found."""

import random
import time

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from assessments.analysing import examine
from assessments.evidencing import replace
from assessments.models import Evidence
from assessments.submitting import start, submit
from assessments.viewing.changes import LINES_OF_A_HUNK, MAX_BYTES, RULES_OF_A_PAGE
from assessments.viewing.differences import Gap, hunks, line_difference
from reviews.models.decision import Outcome
from tests import factories
from workbench.storage import blob_name

OLD = """*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
-A INPUT -p tcp --dport 22 -j ACCEPT
-A INPUT -p tcp --dport 80 -j ACCEPT
-A INPUT -p tcp --dport 23 -j ACCEPT
COMMIT
"""
NEW = """*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
-A INPUT -s 192.0.2.0/24 -p tcp --dport 22 -j ACCEPT
-A INPUT -p tcp --dport 80 -j ACCEPT
-A INPUT -p tcp --dport 443 -j ACCEPT
COMMIT
"""

texts = st.lists(st.sampled_from(["a", "b", "c", "d", "e", "!", ""]), max_size=24)


def applied(old: list[str], new: list[str], gaps: tuple[Gap, ...]) -> list[str]:
    result, at = [], 0
    for first, last, begin, end in gaps:
        result += [*old[at:first], *new[begin:end]]
        at = last
    return result + old[at:]


# --- Lines -------------------------------------------------------------------------------------------


@given(texts, texts)
def test_the_changes_lead_from_the_old_text_to_the_new(old, new):
    found = line_difference(old, new)
    assert applied(old, new, found.gaps) == new
    assert not found.is_rough
    for hunk in hunks(old, new, found.gaps):
        before = [line.text for line in hunk.lines if line.kind != "added"]
        after = [line.text for line in hunk.lines if line.kind != "removed"]
        assert before == old[hunk.old_first - 1 : hunk.old_last]
        assert after == new[hunk.new_first - 1 : hunk.new_last]
        assert all(line.old is None or old[line.old - 1] == line.text for line in hunk.lines)
        assert all(line.new is None or new[line.new - 1] == line.text for line in hunk.lines)


@given(texts)
def test_a_text_and_itself_differ_in_nothing(text):
    assert line_difference(text, text).gaps == ()


def test_no_fewer_lines_can_be_said_to_have_changed():
    found = line_difference(list("abcabba"), list("cbabac"))
    assert found.added + found.removed == 5  # the example of Myers' paper


def test_changes_far_apart_are_told_apart_and_near_ones_together():
    old = [str(n) for n in range(100)]
    new = [*old]
    new[10], new[15], new[60] = "x", "y", "z"
    told = list(hunks(old, new, line_difference(old, new).gaps))
    assert [(one.new_first, one.new_last) for one in told] == [(8, 19), (58, 64)]


def test_what_differs_inside_a_line_is_marked():
    gaps = line_difference(["permit tcp any any eq 22"], ["permit tcp any any eq 443"]).gaps
    told = next(hunks(["permit tcp any any eq 22"], ["permit tcp any any eq 443"], gaps))
    assert [one.text[slice(*one.changed)] for one in told.lines if one.changed] == ["22", "443"]


@pytest.mark.parametrize("shape", ["other", "shuffled", "reversed", "repeated", "few"])
def test_fifty_thousand_lines_are_compared_in_bounded_time(shape):
    chance = random.Random(4)
    old = [f"-A INPUT -s 10.{n % 250}.{n // 250}.1 -j ACCEPT" for n in range(50_000)]
    new = {
        "other": [f"{line} # other" for line in old],
        "shuffled": chance.sample(old, len(old)),
        "reversed": old[::-1],
        "repeated": [chance.choice("abc") for _ in old],
        "few": [line if n % 500 else "changed" for n, line in enumerate(old)],
    }[shape]
    if shape == "repeated":
        old = [chance.choice("abc") for _ in old]
    begun = time.process_time()
    found = line_difference(old, new)
    assert time.process_time() - begun < 5
    assert applied(old, new, found.gaps) == new
    assert found.is_rough == (shape in ("other", "shuffled", "repeated"))


# --- The page ----------------------------------------------------------------------------------------


def second_attempt(learner, programme, bo, old: str, new: str | None, *, read: bool = True) -> Evidence:
    """Ada hands in again after her work came back; without `new` the file is carried over unchanged."""
    draft = factories.make_draft(learner, programme)
    first = factories.make_evidence(draft, content=old.encode())
    submit(draft, declaration=True, by=learner)
    factories.make_decision(draft, bo, Outcome.RETURN, "Mend it.")
    again = start(programme, programme.achievements.get(), by=learner)
    item = again.evidence.get()
    if new is not None:
        item = replace(item, factories.upload(new.encode()), by=learner)
    submit(again, declaration=True, by=learner)
    for one in (first, item) if read else ():
        examine(one.blob.analysis.pk)
    return item


@pytest.fixture
def bo_client(client, bo):
    client.force_login(bo)
    return client


def address(item: Evidence, query: str = "") -> str:
    return reverse("evidence-changes", args=[item.pk]) + query


def test_rules_findings_and_lines_are_compared(bo_client, ada, bo, programme):
    item = second_attempt(ada, programme, bo, OLD, NEW)
    response = bo_client.get(address(item))
    body = response.content.decode()
    assert {one.change for one in response.context["rules"].shown} >= {"default", "changed"}
    assert "Default changed" in body
    assert "Compared with attempt 1" in body
    remarks = response.context["remarks"]
    assert remarks.gone
    assert not {one.words.title for one in remarks.gone} & {one.words.title for one in remarks.new}
    by_line = bo_client.get(address(item, "?by=lines"))
    assert (by_line.context["lines"].added, by_line.context["lines"].removed) == (3, 3)
    assert "3 lines added" in by_line.content.decode()


def test_a_finding_that_only_moved_is_still_there(bo_client, ada, bo, programme):
    moved = OLD.replace("-A INPUT -p tcp --dport 22", "-A INPUT -i lo -j ACCEPT\n-A INPUT -p tcp --dport 22")
    item = second_attempt(ada, programme, bo, OLD, moved)
    remarks = bo_client.get(address(item)).context["remarks"]
    assert remarks.still
    assert remarks.gone == []


def test_a_file_that_was_carried_over_did_not_change(bo_client, ada, bo, programme):
    body = bo_client.get(address(second_attempt(ada, programme, bo, OLD, None))).content.decode()
    assert "Not a byte changed" in body


def test_lines_are_compared_before_anything_was_read(bo_client, ada, bo, programme):
    item = second_attempt(ada, programme, bo, OLD, NEW, read=False)
    response = bo_client.get(address(item))
    assert response.context["by"] == "lines"
    assert response.context["lines"].total == 1


def test_other_line_ends_alone_are_no_changed_lines(bo_client, ada, bo, programme):
    item = second_attempt(ada, programme, bo, OLD, OLD.replace("\n", "\r\n"), read=False)
    body = bo_client.get(address(item)).content.decode()
    assert "only their ends or their encoding differ" in body


def test_what_changed_is_shown_as_text(bo_client, ada, bo, programme):
    hostile = NEW + "# <img src=x onerror=alert(1)> \u202e\n"
    item = second_attempt(ada, programme, bo, OLD, hostile)
    for query in ("", "?by=lines"):
        body = bo_client.get(address(item, query)).content.decode()
        assert "<img src=x" not in body
    assert "⟨U+202E⟩" in body


def test_a_long_change_is_cut_and_the_rest_is_in_the_text(bo_client, ada, bo, programme):
    more = "".join(f"-A INPUT -s 10.0.{n // 250}.{n % 250} -j DROP\n" for n in range(600))
    item = second_attempt(ada, programme, bo, OLD, OLD.replace("COMMIT", f"{more}COMMIT"))
    response = bo_client.get(address(item, "?by=lines"))
    shown = response.context["lines"].hunks[0]
    assert len(shown.lines) == LINES_OF_A_HUNK
    assert shown.left_out == 600 + 4 - LINES_OF_A_HUNK
    assert f"?from={shown.rest}" in response.content.decode()
    by_rule = bo_client.get(address(item)).context["rules"]
    assert (len(by_rule.shown), by_rule.next) == (RULES_OF_A_PAGE, RULES_OF_A_PAGE)
    last = bo_client.get(address(item, f"?from={by_rule.total - 1}")).context["rules"]
    assert (len(last.shown), last.next) == (1, None)


@pytest.mark.parametrize("start_at", ["x", "-1", "99999999", "²"])
def test_what_makes_no_sense_shows_the_first_changes(bo_client, ada, bo, programme, start_at):
    item = second_attempt(ada, programme, bo, OLD, NEW, read=False)
    assert bo_client.get(address(item), {"from": start_at}).context["lines"].first == 0


def test_files_too_large_to_compare_say_so(bo_client, ada, bo, programme):
    item = second_attempt(ada, programme, bo, OLD, NEW, read=False)
    Evidence.objects.filter(pk=item.pk).update(size=MAX_BYTES + 1)
    response = bo_client.get(address(item))
    assert response.status_code == 422
    assert "too large to be compared" in response.content.decode()


def test_an_earlier_file_that_is_gone_is_said_to_be_gone(bo_client, ada, bo, programme):
    item = second_attempt(ada, programme, bo, OLD, NEW, read=False)
    default_storage.delete(blob_name(item.earlier.sha256))
    response = bo_client.get(address(item))
    assert response.status_code == 410
    assert "no longer in the storage" in response.content.decode()


def test_the_first_attempt_has_nothing_to_compare(bo_client, ada, programme):
    item = factories.make_submission(ada, programme).evidence.get()
    assert bo_client.get(address(item)).status_code == 404
    assert address(item) not in bo_client.get(reverse("evidence-view", args=[item.pk])).content.decode()


def test_the_changes_ask_few_questions_however_many_they_are(bo_client, ada, alan, bo, programme):
    more = "".join(f"-A INPUT -s 10.0.0.{n} -p tcp --dport 23 -j ACCEPT\n" for n in range(120))
    few = second_attempt(ada, programme, bo, OLD, NEW)
    many = second_attempt(alan, programme, bo, OLD, OLD.replace("COMMIT", f"{more}COMMIT"))
    bo_client.get(address(few))

    def queries(item: Evidence) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert bo_client.get(address(item)).status_code == 200
        return len(captured)

    assert queries(many) == queries(few) <= 15

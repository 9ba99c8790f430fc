"""The queue is read from the index of open work, however much was decided before."""

import pytest
from django.db import connection

from assessments.models import Submission
from assessments.models.lifecycle import QUEUED, State
from reviews.queueing import page, queue_of, with_open_reviews
from tests import factories


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads the condition in any case")
def test_the_plan_names_the_partial_index(ada, alan, bo, programme):
    for learner in (alan, factories.make_user("Eve Noël"), factories.make_user("Finn Aerts")):
        factories.enrol(programme, learner)
        factories.make_decision(factories.make_submission(learner, programme), bo)
    factories.make_submission(ada, programme)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    assert "submission_queue" in queue_of(bo).oldest_first().values("pk")[:26].explain()
    bound = Submission.objects.filter(state__in=QUEUED, programme=programme).oldest_first()
    assert "submission_queue" not in bound.values("pk")[:26].explain()


def test_only_open_work_is_in_the_queue(ada, alan, bo, programme):
    waiting = factories.make_submission(ada, programme)
    factories.make_decision(factories.make_submission(alan, programme), bo)
    assert [one.state for one in Submission.objects.in_queue()] == [State.SUBMITTED]
    assert page(queue_of(bo)).items == [waiting]


def test_a_page_is_one_statement_and_its_open_reviews_and_flags_one_each(
    ada, bo, programme, django_assert_num_queries
):
    factories.make_submission(ada, programme)
    queue = with_open_reviews(queue_of(bo), reader=bo)
    with django_assert_num_queries(3):
        item = page(queue).items[0]
        assert (item.learner, item.programme.organisation.slug, item.open_reviews) == (ada, "lille", [])

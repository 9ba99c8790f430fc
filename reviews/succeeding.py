"""Let the marking rules of a programme hold for the next version of an achievement."""

from assessments.models import Achievement, Programme
from assessments.versioning import when_taken_up
from reviews.models import MarkingPolicy


@when_taken_up
def carry_marking(programme: Programme, old: Achievement, new: Achievement) -> None:
    """The old version's own policy becomes the new one's too, unless that has its own."""
    rows = MarkingPolicy.objects.filter(programme=programme)
    policy = rows.filter(achievement=old).first()
    if policy is None or rows.filter(achievement=new).exists():
        return
    policy.pk = MarkingPolicy._meta.pk.get_default()
    policy.achievement = new
    policy._state.adding = True
    policy.save(force_insert=True)

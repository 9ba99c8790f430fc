"""How much stricter or more generous an assessor is than the other markers of the same items."""

from collections.abc import Hashable, Iterable
from math import sqrt

from reviews.agreement.figures import Figure, too_few
from reviews.agreement.intervals import clustered, student, wilson
from reviews.agreement.items import Item


def severity(items: Iterable[Item], assessor: Hashable) -> Figure:
    """The mean difference in levels from the mean of the other markers, below 0 where stricter than they.

    The 95 % interval is Student's over pieces of work.
    """
    differences = []
    for item in items:
        own = next((level for who, level in item.marks if who == assessor), None)
        if own is not None:
            others = [level for who, level in item.marks if who != assessor]
            differences.append((item.work, own - sum(others) / len(others)))
    few = too_few(len({work for work, _difference in differences}), len(differences))
    if few:
        return few
    found = clustered(differences)
    if found.variance <= 0:
        # Always the same difference: an interval of no width would claim certainty, so leave open
        # that the share of works which Wilson's interval cannot exclude differs by one level.
        half = 1 - wilson(1.0, found.clusters)[0]
    else:
        half = student(found.clusters - 1) * sqrt(found.variance)
    return Figure(found.mean, found.mean - half, found.mean + half, found.n)

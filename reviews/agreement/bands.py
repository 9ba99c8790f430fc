"""Landis and Koch's words for a kappa, used for a whole interval and never for a value alone.

Landis and Koch (1977), Biometrics 33, 159-174, page 165, who call their own divisions arbitrary.
"""

from typing import Final, Literal

from reviews.agreement.figures import Figure

Band = Literal["poor", "slight", "fair", "moderate", "substantial", "almost-perfect"]

# Each with the least value that deserves it.
BANDS: Final[tuple[tuple[float, Band], ...]] = (
    (0.81, "almost-perfect"),
    (0.61, "substantial"),
    (0.41, "moderate"),
    (0.21, "fair"),
    (0.0, "slight"),
)


def band(value: float) -> Band:
    """The authors give two decimals, so a value is rounded to two first."""
    return next((name for least, name in BANDS if round(value, 2) >= least), "poor")


def bands(figure: Figure) -> tuple[Band, Band] | None:
    """The words at both ends of the interval; None without a figure."""
    if figure.low is None or figure.high is None:
        return None
    return band(figure.low), band(figure.high)

"""What a report in two sizes says about larger ones."""

from tests.bench.measuring import Row, compared

Found = tuple[float, int, float]


def report_rows(
    learners: tuple[int, int],
    found: tuple[Found, Found],
    chromium: float | None,
) -> list[Row]:
    rows = []
    peer = f"Chromium {chromium:.1f} s of CPU" if chromium else "not measured: Chromium not installed"
    targets = ("10 pages ≤ 4 s of CPU", "")
    for count, (seconds, pages, peak), target in zip(learners, found, targets, strict=True):
        last = count == learners[-1]
        rows.append(
            Row(
                f"Report on {count:,} learners, {pages} pages",
                f"{seconds:.1f} s of CPU, {seconds / pages:.2f} s a page, {peak:.0f} MB",
                peer if last else "",
                compared(seconds, chromium) if last and chromium else "",
                target,
            )
        )
    (few, _pages, small), (many, _more, large) = found
    grown, more = learners[1] / learners[0], many / few
    slope, memory = (many - few) / (learners[1] - learners[0]), (large - small) / (learners[1] - learners[0])
    rest = 10_000 - learners[1]
    rows += [
        Row(
            f"Growth with {grown:.0f} × the learners",
            f"{more:.1f} × the CPU, {memory * 1000:.0f} MB more a thousand",
            target="linear",
        ),
        Row(
            "Report on 10,000 learners, by that growth",
            f"{many + slope * rest:.0f} s of CPU, {large + memory * rest:,.0f} MB",
            target="≤ 30 s of CPU, ≤ 250 MB",
        ),
    ]
    return rows

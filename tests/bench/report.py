"""The figures as Markdown."""

NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def _table(headings: list[str], rows: list[list[str]]) -> str:
    lines = [headings, ["---", *["---:"] * (len(headings) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _milliseconds(value: float | None) -> str:
    return "" if value is None else f"{value:,.2f}" if value < 10 else f"{value:,.0f}"


def _pair(page: dict, what: str) -> str:
    """Median and p99."""
    return f"{_milliseconds(page[what])} / {_milliseconds(page[f'{what}_p99'])}" if what in page else ""


def pages(measured: dict) -> str:
    """One process, no server: median and p99 in milliseconds, and how many times the 24 cards that is."""
    cards = measured["cards"]
    rows = []
    for name, page in measured["pages"].items():
        if page["status"] != 200:
            rows.append([f"{name}: refused ({page['status']})", *[""] * 8])
            continue
        rows.append(
            [
                name,
                str(page["queries"]),
                _pair(page, "cold"),
                f"{page['cold'] / cards:.1f}",
                _milliseconds(page.get("stale")),
                f"{page['stale'] / cards:.1f}" if "stale" in page else "",
                _pair(page, "warm"),
                _pair(page, "unchanged"),
                f"{page['bytes']:,}",
            ]
        )
    headings = [
        "page",
        "queries",
        "cold, ms: median / p99",
        "× 24 cards",
        "after a change, ms",
        "× 24 cards",
        "warm, ms: median / p99",
        "304, ms: median / p99",
        "bytes (br)",
    ]
    return (
        f"\n**{NAMES[measured['engine']]}, {measured['entries']:,} entries.** Yardsticks in the same process:"
        f" bare view {measured['bare']:.2f} ms, 24 cards without facets {cards:.2f} ms.\n\n{_table(headings, rows)}"
    )


def work(measured: dict) -> str:
    """What staff wait for, in seconds where it is promised in seconds."""
    rows = [
        [
            name,
            str(one.get("queries", "")),
            f"{one['took'] / 1000:,.2f} s" if one["took"] > 1000 else f"{_milliseconds(one['took'])} ms",
            f"{one['took'] / measured['cards']:,.0f}",
            f"{one['promised']} s" if "promised" in one else "",
        ]
        for name, one in measured["work"].items()
    ]
    return (
        f"\n**{NAMES[measured['engine']]}, {measured['entries']:,} entries, at the desk.** Yardstick: 24 cards in"
        f" {measured['cards']:.2f} ms.\n\n" + _table(["work", "queries", "measured", "× 24 cards", "promised"], rows)
    )


def served(engine: str, entries: int, figures: dict[str, dict]) -> str:
    rows = [
        [
            name,
            f"{one['rate']:,.0f}",
            f"{one['ratio']:.2f}",
            f"{_milliseconds(one['median'])} / {_milliseconds(one['p99'])}",
            str(one["errors"]),
        ]
        for name, one in figures.items()
    ]
    headings = ["wrk, 16 clients, 2 workers", "requests/s", "× bare view", "ms: median / p99", "errors"]
    return f"\n**{NAMES[engine]}, {entries:,} entries, served.**\n\n{_table(headings, rows)}"


def publishing(figures: dict) -> str:
    headings = ["entries", "snapshot, s", "page, s", "PDF, s", "archive, s", "bytes of the PDF"]
    seconds = ("snapshot", "page", "pdf", "archive")
    rows = [
        [f"{row['entries']:,}", *(f"{row[name]:.2f}" for name in seconds), f"{row['bytes']:,}"]
        for row in figures["rows"]
    ]
    return f"\n**{NAMES[figures['engine']]}, publications.**\n\n{_table(headings, rows)}"


def extremes(engine: str, entries: int, figures: dict) -> str:
    csv, stampede, endurance, crowd = (figures[name] for name in ("csv", "stampede", "endurance", "crowd"))
    answers, booklets = (
        ", ".join(f"{count} × {answer}" for answer, count in figures[name]["answers"].items())
        for name in ("stampede", "crowd")
    )
    rows = [
        ["CSV of all rows: first byte", f"{csv['first']:.0f} ms"],
        ["CSV of all rows: rows a second", f"{csv['rate']:,.0f}"],
        ["CSV of all rows: additional memory", f"{csv['memory']:.0f} MB"],
        [
            "200 clients on a list just become stale",
            f"computed {stampede['computed']} times, {answers}, {stampede['seconds']:.1f} s in all",
        ],
        [
            f"200 clients for {endurance['seconds']} s",
            f"{endurance['rate']:,.0f} requests/s, {endurance['errors']} errors",
        ],
        [
            "a list while 16 clients ask for fresh booklets",
            f"median {crowd['median']:.0f} ms, {crowd['median'] / crowd['alone']:.1f} × alone,"
            f" worst {crowd['worst']:.0f} ms; booklets: {booklets}",
        ],
        ["a lost worker is replaced after", f"{figures['replacement']:.2f} s"],
        ["start of a worker: loading the application", f"{figures['start']:.2f} s"],
    ]
    return f"\n**{NAMES[engine]}, {entries:,} entries, at the extremes.**\n\n{_table(['', 'measured'], rows)}"

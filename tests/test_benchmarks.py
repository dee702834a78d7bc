"""The arithmetic of the benchmarks: pairs, medians, targets, comparisons, and what they write."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from attrs import evolve

from benchmarks import processes, rounds, shares
from benchmarks.figures import Row, Spread, paired, short, spread
from benchmarks.report import readme, run, tables, targets
from benchmarks.report.run import Run
from benchmarks.report.targets import Target, Verdict

OURS = Row(
    benchmark="calls", case="plain", subject="ours", measure="p50 µs", values=(10.0, 40.0, 12.0)
)
THEIRS = evolve(OURS, subject="theirs", values=(20.0, 80.0, 20.0))
RATE = evolve(OURS, measure="creates/s")
RUN = Run(
    machine="2 × processor, Linux",
    date="2030-01-02",
    load=0.1,
    versions={"Python": "3.11"},
    quick=False,
    rows=(THEIRS, OURS),
)


def test_ratios_are_paired_within_a_round() -> None:
    """A ratio is the median of the rounds' ratios, and not the ratio of the medians."""
    assert paired(OURS.values, THEIRS.values) == [0.5, 0.5, 0.6]
    assert OURS.against(THEIRS).median == 0.5
    assert OURS.spread().median / THEIRS.spread().median == 0.6


def test_rounds_that_do_not_match_are_refused() -> None:
    """Rows with other numbers of rounds have no ratio."""
    with pytest.raises(ValueError, match="zip"):
        paired([1.0, 2.0], [1.0])


def test_a_spread_is_a_median_with_quartiles() -> None:
    """The quartiles are those of the values themselves; one value is all three."""
    assert spread([5, 1, 2, 4, 3]) == Spread(2, 3, 4)
    assert spread([7.0]) == Spread(7.0, 7.0, 7.0)


def test_spreads_lie_apart_when_their_quartiles_do() -> None:
    """What overlaps is no difference."""
    assert Spread(1, 2, 3).is_apart_from(Spread(4, 5, 6))
    assert Spread(4, 5, 6).is_apart_from(Spread(1, 2, 3))
    assert not Spread(1, 2, 3).is_apart_from(Spread(3, 4, 5))


@pytest.mark.parametrize(
    ("value", "text"), [(0.987, "0.99"), (12.34, "12.3"), (123.4, "123"), (12345.6, "12,346")]
)
def test_figures_are_short(value: float, text: str) -> None:
    """Three digits tell enough."""
    assert short(value) == text


def test_each_subject_is_measured_once_a_round() -> None:
    """Rounds change the order, keep a case together, and leave nobody out."""
    works = {"a": dict.fromkeys("123"), "b": dict.fromkeys("456")}
    orders = [rounds.order(works, number) for number in range(20)]
    assert all(sorted(order) == sorted(orders[0]) for order in orders)
    assert len({tuple(order) for order in orders}) > 10
    assert all(len({case for case, _ in order[:3]}) == 1 for order in orders)
    assert rounds.order(works, 3) == orders[3]


def test_rows_have_a_value_for_each_round() -> None:
    """What a work returns becomes rows, by measure, in the order of the rounds."""
    counted = iter(range(100))
    works = {"plain": {"ours": lambda: {"p50 µs": float(next(counted)), "CPU µs": 1.0}}}
    rows = rounds.interleaved("calls", works, 3)
    assert rows == [
        evolve(OURS, values=(0.0, 1.0, 2.0)),
        evolve(OURS, measure="CPU µs", values=(1.0, 1.0, 1.0)),
    ]


def test_a_failure_names_who_was_measured() -> None:
    """An error out of a benchmark says in which case and with which subject."""

    def broken() -> dict[str, float]:
        raise OSError("no server")

    with pytest.raises(OSError, match="no server") as caught:
        rounds.interleaved("calls", {"TLS": {"theirs": broken}}, 1)
    assert caught.value.__notes__ == ["while measuring: TLS, theirs"]


@pytest.mark.parametrize(
    ("target", "is_met"),
    [
        (Target(says="", of=OURS.key, against=THEIRS.key, at_most=0.5), True),
        (Target(says="", of=OURS.key, against=THEIRS.key, at_most=0.49), False),
        (Target(says="", of=THEIRS.key, against=OURS.key, at_least=2), True),
        (Target(says="", of=THEIRS.key, against=OURS.key, at_least=2.1), False),
        (Target(says="", of=OURS.key, at_most=12), True),
        (Target(says="", of=OURS.key, at_most=11), False),
    ],
)
def test_a_target_is_met_by_the_median(target: Target, *, is_met: bool) -> None:
    """At most and at least, of a ratio or of a figure."""
    (verdict,) = targets.verdicts(RUN, (target,))
    assert verdict.is_met is is_met


@pytest.mark.parametrize(("median", "is_met"), [(1.004, True), (1.006, False)])
def test_a_target_is_met_in_the_digits_that_are_shown(median: float, *, is_met: bool) -> None:
    """Nobody has to wonder why 1.00 is more than 1."""
    verdict = Verdict(Target(says="", of=OURS.key, at_most=1.0), Spread(0.9, median, 1.1))
    assert verdict.is_met is is_met


def test_what_was_not_measured_is_not_hidden() -> None:
    """A target without its rows is shown as such; in a quick run, which is smaller, it is not."""
    absent = ("calls", "plain", "nobody", "p50 µs")
    lacking = (
        Target(says="", of=absent, at_most=1),
        Target(says="", of=OURS.key, against=absent, at_most=1),
    )
    assert [str(verdict) for verdict in targets.verdicts(RUN, lacking)] == ["not measured"] * 2
    assert targets.verdicts(evolve(RUN, quick=True), lacking) == []


def test_targets_of_other_benchmarks_are_left_out() -> None:
    """Who runs one benchmark sees its targets only."""
    other = Target(says="", of=("codec", "plain", "ours", "p50 µs"), at_most=1)
    assert targets.verdicts(RUN, (other,)) == []


def test_json_brings_back_the_same_run(tmp_path: Path) -> None:
    """A run that is written and read is the run."""
    file = tmp_path / "run.json"
    file.write_text(run.written(RUN))
    assert run.read(file) == RUN


def test_parts_of_a_run_are_one() -> None:
    """Benchmarks that were run one after the other are shown together; what was repeated counts."""
    again = evolve(OURS, values=(1.0, 1.0, 1.0))
    whole = run.joined([RUN, evolve(RUN, load=3.0, rows=(again, RATE))])
    assert (set(whole.rows), whole.load) == ({THEIRS, again, RATE}, 3.0)


def test_parts_of_other_machines_are_refused() -> None:
    """Figures of two machines, or of two versions, are not shown as one run."""
    with pytest.raises(ValueError, match="the same conditions"):
        run.joined([RUN, evolve(RUN, machine="another")])


@pytest.mark.parametrize(
    ("values", "verdict"),
    [((20.0, 80.0, 20.0), "worse"), ((5.0, 20.0, 5.0), "better"), ((11.0, 41.0, 11.0), "")],
)
def test_a_comparison_goes_by_the_ratios(values: tuple[float, ...], verdict: str) -> None:
    """`--against` says better or worse when the ratio to the first subject has left its spread."""
    now = evolve(RUN, rows=(THEIRS, evolve(OURS, values=values)))
    first, ours = tables.of_comparison(now, RUN).lines
    assert first[-1] == ""
    assert ours[0] == "calls, plain, ours, p50 µs"
    assert ours[-1] == verdict


def test_a_slower_machine_is_no_regression() -> None:
    """When everybody takes three times as long, nothing is worse."""
    rows = [evolve(row, values=tuple(value * 3 for value in row.values)) for row in RUN.rows]
    lines = tables.of_comparison(evolve(RUN, rows=tuple(rows)), RUN).lines
    assert [line[3] for line in lines] == ["3.00", "3.00"]
    assert [line[-1] for line in lines] == ["", ""]


def test_a_higher_rate_is_better() -> None:
    """Rates are the one measure that shall be high."""
    then = evolve(RUN, rows=(evolve(THEIRS, measure=RATE.measure), RATE))
    now = evolve(then, rows=(then.rows[0], evolve(RATE, values=(20.0, 80.0, 24.0))))
    assert tables.of_comparison(now, then).lines[1][-1] == "better"
    assert tables.of_comparison(then, now).lines[1][-1] == "worse"


def test_the_page_gets_the_figures_of_the_run() -> None:
    """Only what is between the marks is replaced, by machine, date, versions and tables."""
    page = f"Before.\n{readme.BEGIN}old figures\n{readme.END}After.\n"
    text = readme.replaced(page, RUN)
    assert text.startswith(f"Before.\n{readme.BEGIN}2030-01-02, on 2 × processor, Linux")
    assert text.endswith(f"{readme.END}After.\n")
    assert "old figures" not in text
    assert "| ours | 12.0 (11.0–26.0) | 0.50 (0.50–0.55) |" in text
    assert readme.replaced(text, RUN) == text


def test_a_page_without_marks_is_refused() -> None:
    """Nothing is written where there is no place for it."""
    with pytest.raises(ValueError, match="the document has no"):
        readme.replaced("Before.\n", RUN)


def test_a_program_that_fails_is_heard() -> None:
    """A program that ends before it has said anything shows what it complained of."""
    failing = [sys.executable, "-c", "import sys; sys.exit('the port is in use')"]
    with (
        pytest.raises(RuntimeError, match="the port is in use"),
        processes.first_line(failing, pinned=False),
    ):
        pass


def test_time_is_told_by_package() -> None:
    """What C does for a function is that function's; sockets and JSON are told by themselves."""
    ours = ("/site-packages/nylas_bookings/_call.py", 1, "request")
    theirs = ("/nylas_bookings/site-packages/aiohttp/client.py", 1, "_request")
    stats = {
        ours: (1, 1, 1.0, 9.0, {}),
        theirs: (1, 1, 2.0, 9.0, {}),
        ("~", 0, "<built-in method builtins.isinstance>"): (
            *(2, 2, 3.0, 3.0),
            {ours: (1, 1, 1.0, 1.0), theirs: (1, 1, 2.0, 2.0)},
        ),
        ("~", 0, "<method 'send' of '_socket.socket' objects>"): (
            *(1, 1, 0.5, 0.5),
            {theirs: (1, 1, 0.5, 0.5)},
        ),
        ("/lib/python3.11/json/encoder.py", 1, "encode"): (1, 1, 0.25, 0.25, {}),
        ("/lib/python3.11/enum.py", 1, "__hash__"): (1, 1, 5.0, 5.0, {theirs: (1, 1, 5.0, 5.0)}),
    }
    owned = shares.by_owner(stats)
    assert owned == {"nylas_bookings": 2.0, "aiohttp": 9.0, "sockets": 0.5, "JSON": 0.25}
    lines = [line.split() for line in shares.table({"a": owned, "b": owned}, 1_000_000)]
    assert lines[0] == ["a", "b"]
    assert lines[1] == ["aiohttp", "9", "77%", "9", "77%"]
    assert lines[-1] == ["all", "12", "100%", "12", "100%"]

"""The arithmetic of the benchmarks: pairs, medians, targets, comparisons, and what they write."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from queue import Queue

import pytest
from attrs import evolve

from benchmarks import __main__ as command
from benchmarks import interpreters, other_pythons, overhead, processes, rounds, sandbox, shares
from benchmarks.figures import Row, Spread, paired, short, spread
from benchmarks.report import (
    call_targets,
    clients_plot,
    disturbance,
    other_targets,
    readme,
    run,
    tables,
    targets,
)
from benchmarks.report.run import Run
from benchmarks.report.targets import Target, Verdict
from benchmarks.server import PLAIN, SLOW, TLS, Endpoint
from benchmarks.turns import harness
from benchmarks.turns.harness import Case, Contender

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


def test_time_is_divided_by_package() -> None:
    """What C does for a function is that function's; sockets, JSON and SQLite are separate."""
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
    assert owned == {
        "nylas_bookings, the rest": 2.0,
        "aiohttp's session": 9.0,
        "sockets": 0.5,
        "JSON": 0.25,
    }
    lines = [line.split() for line in shares.table({"a": owned, "b": owned}, 1_000_000)]
    assert lines[0] == ["a", "b"]
    assert lines[1] == ["aiohttp's", "session", "9", "77%", "9", "77%"]
    assert lines[-1] == ["all", "12", "100%", "12", "100%"]


@pytest.mark.parametrize(
    ("file", "owner"),
    [
        ("/checkout/nylas_bookings/_http/direct.py", "our exchange (_http)"),
        ("/checkout/nylas_bookings/_call.py", "nylas_bookings, the rest"),
        ("<attrs generated methods nylas_bookings.models.Booking>", "models (attrs, cattrs)"),
        ("/site-packages/aiohttp/client_proto.py", "aiohttp's connections"),
        ("/site-packages/aiohttp/client_reqrep.py", "aiohttp's session"),
        ("/site-packages/yarl/_url.py", "aiohttp's session"),
    ],
)
def test_the_session_of_aiohttp_is_apart_from_its_connections(file: str, owner: str) -> None:
    """A profile shows whether requests still go through aiohttp's session."""
    assert shares.by_owner({(file, 1, "f"): (1, 1, 2.0, 2.0, {})}) == {owner: 2.0}


def test_all_contenders_take_equally_many_turns() -> None:
    """Turns are paired: each contender has a turn in each round, in an order that changes."""
    taken: list[str] = []

    def turn_of(name: str) -> harness.Turn:
        return lambda: taken.append(name) or {"call µs": float(len(taken))}

    figures = harness.take_turns({name: turn_of(name) for name in "abc"}, 0, at_least=20)
    assert [len(values) for values in figures.values()] == [20, 20, 20]
    orders = {tuple(taken[at : at + 3]) for at in range(0, 60, 3)}
    assert len(orders) > 3
    assert all(sorted(order) == ["a", "b", "c"] for order in orders)


def _contender(name: str, events: list[str], figure: float = 1.0) -> Contender:
    @contextmanager
    def open_contender(loop: harness.Loop) -> Iterator[harness.Turn]:
        assert not loop.is_running()
        events.append(f"open {name}")
        yield lambda: {"call µs": figure}
        events.append(f"close {name}")

    return Contender(name, open_contender)


def test_a_case_has_a_row_for_each_contender() -> None:
    """Warm-up turns are not counted, and every opening adds its turns to the same rows."""
    events: list[str] = []
    contenders = [_contender("a", events, 2.0), _contender("b", events, 3.0)]
    case = Case(name="plain", contenders=contenders, seconds=0, openings=2)
    rows = harness.measure("calls", case, quick=False)
    assert [(row.subject, row.values) for row in rows] == [("a", (2.0,) * 4), ("b", (3.0,) * 4)]
    assert events == ["open a", "open b", "close b", "close a"] * 2


def test_an_asynchronous_client_is_opened_and_closed_on_the_loop_of_the_turns() -> None:
    """The loop runs during a turn, and not between the turns."""
    seen = []

    @asynccontextmanager
    async def client() -> AsyncIterator[asyncio.AbstractEventLoop]:
        yield asyncio.get_running_loop()
        seen.append(asyncio.get_running_loop())

    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        with harness.enter(loop, client()) as opened_on:
            assert not loop.is_running()
        assert [opened_on] == seen == [loop]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux pins threads")
def test_an_unpinned_turn_leaves_every_thread_as_it_was() -> None:
    """All threads use every processor during the turn, and are pinned again after it."""
    allowed = os.sched_getaffinity(0)
    stop, thread_ids = threading.Event(), Queue[int]()
    thread = threading.Thread(
        target=lambda: thread_ids.put(threading.get_native_id()) or stop.wait()
    )
    try:
        os.sched_setaffinity(0, {min(allowed)})
        thread.start()
        threads = (0, thread_ids.get())
        with processes.allow_all_processors():
            assert [os.sched_getaffinity(thread) for thread in threads] == [allowed] * 2
        assert [os.sched_getaffinity(thread) for thread in threads] == [{min(allowed)}] * 2
    finally:
        stop.set()
        os.sched_setaffinity(0, allowed)


def test_every_target_of_a_call_is_measured() -> None:
    """The cases and contenders of the table of targets are those of the benchmark."""
    endpoints = {name: Endpoint("http://127.0.0.1", None, 1) for name in (PLAIN, TLS, SLOW)}
    cases = [*overhead.cases(endpoints, quick=False), *sandbox.cases(endpoints[PLAIN])]
    pythons = [other_pythons.case(number) for number in interpreters.OTHERS]
    measured = {(case.name, one.name) for case in cases for one in case.contenders}
    measured |= {(name, client.name) for name in pythons for client in overhead.CLIENTS}
    of_sandbox = [target for target in other_targets.TARGETS if target.of[0] == sandbox.NAME]
    targets_of_turns = [*call_targets.TARGETS, *of_sandbox]
    assert len(targets_of_turns) > 20
    for target in targets_of_turns:
        assert target.against is not None
        assert {target.of[1:3], target.against[1:3]} <= measured


def test_a_missed_target_names_its_profile() -> None:
    """Missed targets are listed below the command that explains them; the others are not."""

    def verdict(says: str, measured: Spread | None, profile: str | None = "profile a") -> Verdict:
        return Verdict(Target(says=says, of=OURS.key, at_most=1, profile=profile), measured)

    missed, met = Spread(2, 2, 2), Spread(1, 1, 1)
    verdicts = [
        verdict("one", missed),
        verdict("two", missed, "profile b"),
        verdict("three", missed),
        verdict("met", met),
        verdict("absent", None),
        verdict("without a profile", missed, None),
    ]
    assert tables.hints(verdicts) == ["profile a\n    one\n    three", "profile b\n    two"]


def test_the_table_of_targets_needs_several_benchmarks() -> None:
    """`overhead` runs what else is in its table; no name means all, and each runs once."""
    assert command.choose(["overhead"]) == ["overhead", "imports", "sandbox", "startup"]
    assert command.choose(["startup", "overhead"]) == command.choose(["overhead"])
    assert command.choose(["codec"]) == ["codec"]
    assert command.choose([]) == list(command.BENCHMARKS)


def test_a_python_that_is_not_here_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A shim that leads nowhere is no Python, and the reason is given."""
    shim = tmp_path / "python3.99"
    shim.write_text("#!/bin/sh\nexit 127\n")
    shim.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    with pytest.raises(interpreters.Unavailable, match="not on this machine"):
        interpreters.prepare("3.99")


def test_an_environment_that_cannot_be_created_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the packages a Python is not measured, and the next run tries again."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(interpreters, "find", lambda _: str(tmp_path / "missing"))
    with pytest.raises(interpreters.Unavailable, match="its environment cannot be created"):
        interpreters.prepare("3.99")
    assert not list(tmp_path.glob("**/complete"))


def test_the_picture_shows_every_client(tmp_path: Path) -> None:
    """Clients are drawn with their names, and a run without them draws nothing."""
    pytest.importorskip("matplotlib")
    cases = [overhead.every_client(number) for number in (1, 32)]
    rows = [
        evolve(OURS, benchmark="overhead", case=case, subject=subject, measure="call µs")
        for case in cases
        for subject in ("aiohttp", "AsyncClient")
    ]
    clients_plot.draw(RUN, tmp_path)
    assert list(tmp_path.iterdir()) == []
    clients_plot.draw(evolve(RUN, rows=tuple(rows)), tmp_path)
    picture = (tmp_path / clients_plot.FILE).read_text()
    for text in ("nylas_bookings AsyncClient", "plain aiohttp", "one at a time", "32 concurrent"):
        assert f"<!-- {text} -->" in picture


@pytest.mark.parametrize(("cpu", "warns"), [((10.0, 40.0, 12.0), False), ((5.0, 20.0, 12.0), True)])
def test_a_busy_machine_is_reported(cpu: tuple[float, ...], *, warns: bool) -> None:
    """A client that always has work and takes longer than its CPU time had to wait for others."""
    case = overhead.case(32)
    wall = evolve(THEIRS, benchmark="overhead", case=case, subject="aiohttp", measure="call µs")
    wall = evolve(wall, values=(10.0, 40.0, 12.0))
    busy = evolve(RUN, rows=(wall, evolve(wall, measure="CPU µs", values=cpu)))
    assert (disturbance.warn(busy) is not None) is warns
    assert disturbance.warn(RUN) is None

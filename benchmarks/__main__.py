"""The command: `python -m benchmarks [name …] [--quick]`, and what becomes of the figures."""

from __future__ import annotations

import argparse
import os
from importlib import import_module
from pathlib import Path

from . import processes
from .figures import Row
from .report.run import Run, joined, load_now, measured, read, written

BENCHMARKS = (
    "calls",
    "overhead",
    "throughput",
    "batch",
    "codec",
    "imports",
    "memory",
    "sandbox",
    "startup",
    "scaling",
)
_ALSO = {"overhead": ("imports", "startup", "sandbox")}
"""The table of targets has rows of these too."""

_HERE = Path(__file__).parent


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(BENCHMARKS))
    parser.add_argument("--quick", action="store_true", help="few rounds, to see that it runs")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the run as JSON")
    parser.add_argument(
        "--from",
        type=Path,
        nargs="+",
        metavar="FILE",
        dest="earlier",
        help="show these runs instead of measuring",
    )
    parser.add_argument("--against", type=Path, metavar="FILE", help="compare with that run")
    parser.add_argument("--plot", type=Path, metavar="DIR", help="draw it as SVG")
    parser.add_argument(
        "--readme", action="store_true", help="write it and the picture into benchmarks/README.md"
    )
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - set(BENCHMARKS):
        parser.error(f"no benchmark called {', '.join(sorted(unknown))}")
    return arguments


def choose(names: list[str]) -> list[str]:
    """Return the benchmarks to run, each once, in their usual order."""
    wanted = {*names, *(other for name in names for other in _ALSO.get(name, ()))}
    return [name for name in BENCHMARKS if name in wanted or not names]


def _measure(names: list[str], *, quick: bool) -> Run:
    load = load_now()
    processes.pin_this()
    processes.allow_many_files()
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        del os.environ[name]
    rows: list[Row] = []
    for name in names:
        rows += import_module(f".{name}", __package__).run(quick=quick)
    return measured(rows, quick=quick, load=load)


def main() -> None:
    """Run the benchmarks that are named, or all of them, and show the figures."""
    wanted = _arguments()
    then = None if wanted.against is None else read(wanted.against)
    if wanted.earlier is not None:
        run = joined([read(path) for path in wanted.earlier])
    else:
        run = _measure(choose(wanted.names), quick=wanted.quick)
    if wanted.json is not None:
        wanted.json.write_text(written(run))
    _show(run, then)
    if wanted.plot is not None:
        from .report import clients_plot, plots

        plots.draw(run, wanted.plot / "cases")
        clients_plot.draw(run, wanted.plot)
    if wanted.readme:
        from .report import clients_plot, readme

        readme.rewrite(_HERE / "README.md", run)
        clients_plot.draw(run, _HERE / "pictures")


def _show(run: Run, then: Run | None) -> None:
    from .report import disturbance, tables

    print(run.conditions(), end="\n\n")
    for table in tables.of_run(run):
        print(table.as_text())
    if commands := tables.explain_misses(run):
        print("to see where the time of the missed targets goes:")
        print(*(f"  {command}" for command in commands), sep="\n", end="\n\n")
    if warning := disturbance.warn(run):
        print(warning, end="\n\n")
    if then is not None:
        print(tables.of_comparison(run, then).as_text())


if __name__ == "__main__":
    main()

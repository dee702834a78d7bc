"""The command: `python -m benchmarks [name …] [--quick]`, and what to do with what it measured."""

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
_HERE = Path(__file__).parent


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(BENCHMARKS))
    parser.add_argument("--quick", action="store_true", help="few rounds: whether it runs at all")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the run, for machines")
    parser.add_argument(
        "--from", type=Path, nargs="+", metavar="FILE", dest="earlier", help="show that run"
    )
    parser.add_argument("--against", type=Path, metavar="FILE", help="compare with that run")
    parser.add_argument("--plot", type=Path, metavar="DIR", help="draw it, as SVG")
    parser.add_argument("--readme", action="store_true", help="write it into benchmarks/README.md")
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - set(BENCHMARKS):
        parser.error(f"no benchmark called {', '.join(sorted(unknown))}")
    return arguments


def _measure(names: list[str], *, quick: bool) -> Run:
    load = load_now()
    processes.pin_this()
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        del os.environ[name]
    rows: list[Row] = []
    for name in names:
        rows += import_module(f".{name}", __package__).run(quick=quick)
    return measured(rows, quick=quick, load=load)


def main() -> None:
    """Run the benchmarks that are named, or all of them, and show what came out."""
    wanted = _arguments()
    then = None if wanted.against is None else read(wanted.against)
    if wanted.earlier is not None:
        run = joined([read(path) for path in wanted.earlier])
    else:
        run = _measure(wanted.names or list(BENCHMARKS), quick=wanted.quick)
    if wanted.json is not None:
        wanted.json.write_text(written(run))
    _show(run, then)
    if wanted.plot is not None:
        from .report import plots

        plots.draw(run, wanted.plot)
    if wanted.readme:
        from .report import readme

        readme.rewrite(_HERE / "README.md", run)


def _show(run: Run, then: Run | None) -> None:
    from .report import tables

    print(run.conditions(), end="\n\n")
    for table in tables.of_run(run):
        print(table.as_text())
    if then is not None:
        print(tables.of_comparison(run, then).as_text())


if __name__ == "__main__":
    main()

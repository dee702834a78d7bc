"""The command: `python -m benchmarks [name …] [--quick]`."""

from __future__ import annotations

import argparse

from . import calls, imports, sandbox_availability, sandbox_creates

BENCHMARKS = {
    "calls": calls.run,
    "imports": imports.run,
    "availability": sandbox_availability.run,
    "creates": sandbox_creates.run,
}


def main() -> None:
    """Run the benchmarks that are named, or all of them."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(BENCHMARKS))
    parser.add_argument("--quick", action="store_true", help="few rounds: whether it runs at all")
    arguments = parser.parse_args()
    unknown = set(arguments.names) - BENCHMARKS.keys()
    if unknown:
        parser.error(f"no benchmark called {', '.join(sorted(unknown))}")
    for name in arguments.names or BENCHMARKS:
        print(BENCHMARKS[name](quick=arguments.quick), flush=True)


if __name__ == "__main__":
    main()

"""What calls cost, measured beside what others cost: `python -m benchmarks --help`."""

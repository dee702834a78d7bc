"""The Scheduler API on your own machine, faithful enough for the official clients."""

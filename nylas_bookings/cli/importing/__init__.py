"""The command `import`: many bookings out of a file, checked whole before the first is sent."""

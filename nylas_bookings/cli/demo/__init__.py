"""The command `demo`: the life of a booking, against a sandbox, told step by step."""

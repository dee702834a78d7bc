"""The sandbox, held against its own description, the vendor's contract, and a model."""

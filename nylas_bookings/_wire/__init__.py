"""What goes over the wire: requests and responses, models as JSON, answers as results or errors.

`messages` is cheap to import; the rest brings in cattrs and orjson, so it loads on the first call.
"""

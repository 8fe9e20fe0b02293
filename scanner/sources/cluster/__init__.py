"""Kubernetes clusters as Sources: a live one through its API, and a dump of one from files.

Both give the same Resources with the same keys, so an audit of a dump can be compared with one of the cluster. What
leaves this machine are reads: GET, and the review in which the API server says what one may read. The packages
``kubernetes`` and ``orjson`` (extra ``[kubernetes]``) are imported where they are used, never by a scan of files.
"""

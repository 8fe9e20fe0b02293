"""The webhook as a server: HTTP and TLS around the pure function of :mod:`scanner.points.admission.reviewer`.

``app`` answers requests, ``protocol`` and ``server`` are what is added to uvicorn, ``certificates`` renews TLS in
place, ``metrics`` and ``journal`` tell what happens. Needs the extra ``webhook``.
"""

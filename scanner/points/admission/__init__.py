"""Admission: one AdmissionReview in, one out, with the verdicts that the gate would give.

``request`` reads what the API server asks, ``subject`` says what of it is judged, ``evaluation`` asks the Rules,
``policy`` turns Findings into actions, ``answer`` writes the response; ``reviewer`` is the line through them. Nothing
here opens a connection: ``serving`` does, around it.
"""

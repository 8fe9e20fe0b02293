"""Before anything is enforced: what a registration would lock out, what it leaves out, and what would be denied.

``registered`` reads registrations, ``lockout`` and ``coverage`` object to them, ``forecast`` asks the Rules about what
the cluster holds, ``simulation`` puts them together.
"""

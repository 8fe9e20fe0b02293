"""What an audit must be allowed to read: no more than the chosen Rules ask about, and nothing but reading."""

from scanner.audit.permissions.needed import Needed, needed

__all__ = ["Needed", "needed"]

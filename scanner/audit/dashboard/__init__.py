"""Reports over more than one run, out of the store: what is new, mended and still open, with trends and coverage."""

from scanner.audit.dashboard.overview import Overview, overview
from scanner.audit.dashboard.page import page
from scanner.audit.dashboard.summary import summary
from scanner.audit.dashboard.table import table

__all__ = ["Overview", "overview", "page", "summary", "table"]

"""What a webhook does once everything that its rules look up has been read."""

import gc
import warnings
from typing import cast

from scanner.inventory import Inventory
from scanner.points.admission.context import FixedContext
from scanner.points.admission.serving.certificates import Certificates
from scanner.points.admission.serving.journal import Journal
from scanner.points.admission.serving.start import _app
from tests.points.admission.reviews import reviewer


class Reading(FixedContext):
    """Has read everything when told so."""

    reason = "Namespaces are still being read"

    def why_not_ready(self) -> str:
        return self.reason


class Valid:
    """A certificate that nothing is wrong with."""

    def why_not_valid(self) -> str:
        return ""


def collect_what_others_left() -> None:
    """Connections that an earlier test did not see closed are not this one's fault."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.unfreeze()
        gc.collect()


def test_what_was_read_is_kept_out_of_garbage_collection_when_it_is_ready() -> None:
    context = Reading(Inventory())
    asked = reviewer(context)
    try:
        app = _app({"/validate": asked}, context, cast(Certificates, Valid()), Journal(write=lambda line: None))
        collect_what_others_left()
        assert app.why_not_ready() == context.reason
        assert gc.get_freeze_count() == 0, "what is read next would be missing"
        context.reason = ""
        assert app.why_not_ready() == ""
        frozen = gc.get_freeze_count()
        assert frozen > 1000
        later = [[number] for number in range(1000)]
        assert app.why_not_ready() == ""
        assert gc.get_freeze_count() <= frozen, "once: later garbage is garbage"
        assert len(later) == 1000
        app.draining = True
        assert app.why_not_ready() == "it is ending"
    finally:
        gc.unfreeze()
        asked.close()

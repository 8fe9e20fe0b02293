"""Exemptions: accepted Findings, read from files and from the Estate, and applied to Findings.

Comments in manifests are read by their Source; they are judged here like the others.
"""

from scanner.exemptions.apply import Applied, apply, reminders
from scanner.exemptions.files import load_exemptions
from scanner.exemptions.of_estate import items_of_estate
from scanner.exemptions.unused import Sight

__all__ = ["Applied", "Sight", "apply", "items_of_estate", "load_exemptions", "reminders"]

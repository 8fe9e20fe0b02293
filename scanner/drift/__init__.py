"""Drift: what is declared against what is there, attribute by attribute, without noise.

Pure functions over two lists of Resources; nothing here reads a file or asks a control plane. What is declared is
looked for in what is live (a projection, never a symmetric difference), and what does not count is data: see README.md
in this folder.
"""

from scanner.drift.compare import changes
from scanner.drift.detect import Sight, detect
from scanner.drift.model import ABSENT, Change, Confidence, Drift, DriftClass

__all__ = ["ABSENT", "Change", "Confidence", "Drift", "DriftClass", "Sight", "changes", "detect"]

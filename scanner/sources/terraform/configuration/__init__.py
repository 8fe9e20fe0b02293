"""Terraform configurations: folders of files to modules, a root module with its variables to Instances.

    tree = Tree(top, base)                     what is read, each folder once; keep one per process
    find_roots(tree, folders)                  folders to evaluate: those no other one calls
    evaluate_root(tree, folder, …)             Evaluated: instances, outputs, faults, notes

Nothing here knows Azure, rules or the ledger: faults and notes carry file, region and message, and a Source makes
entries of them.
"""

from scanner.sources.terraform.configuration.result import Evaluated, Fault, Limits
from scanner.sources.terraform.configuration.root import evaluate_root
from scanner.sources.terraform.configuration.roots import find_roots
from scanner.sources.terraform.configuration.tree import Tree

__all__ = ["Evaluated", "Fault", "Limits", "Tree", "evaluate_root", "find_roots"]

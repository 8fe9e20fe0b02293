"""What evaluating a root module gives: Instances, and everything that stood in the way, each with its place."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from scanner.model.location import Region
from scanner.sources.terraform.instance import Instance


class Fault(NamedTuple):
    """Something Terraform would reject, or that could not be read; what depends on it is Unknown."""

    file: str
    """Path as reports print it."""
    region: Region | None
    """None where it is about the whole file or folder."""
    message: str
    """Lower case, "cannot <verb> <noun>: <cause>", without file and line."""


class Limits(NamedTuple):
    """How much a configuration may ask for; beyond it one symbolic instance stands for all, and a note says so."""

    instances_per_block: int = 10_000
    """Of one ``count`` or ``for_each``, a dynamic block's included."""
    instances: int = 100_000
    """Of all resources of one root together."""
    module_instances: int = 5_000
    """Of all module calls of one root together."""
    elements: int = 2_000_000
    """That all ``for`` expressions and dynamic blocks of one root visit together."""
    file_bytes: int = 50 * 1024 * 1024
    """Of one file."""


class Evaluated(NamedTuple):
    """One root module, evaluated."""

    root: str
    """Its folder as reports print it; ``.`` for the working directory."""
    instances: tuple[Instance, ...]
    """Resources, data and settings of the root and of everything it calls, in the order of files and blocks, a module's
    before those of the modules it calls."""
    outputs: Mapping[str, Any]
    """Plain values of the root's outputs; Unknown where they are."""
    faults: tuple[Fault, ...]
    """By file and position, each once however many module instances met it. They make the run incomplete."""
    notes: tuple[Fault, ...]
    """What a reader should know and nothing is wrong with: a remote module that was not read, an undeclared variable
    in a var-file, a bound that was reached. In the same order."""
    files: tuple[str, ...]
    """Every configuration and variable file that was read for it, as reports print it, sorted."""
    folders: tuple[str, ...]
    """Real paths of the module folders that were evaluated, the root's first: who is in here has been judged."""

"""Evaluates one root module with everything it calls."""

from collections.abc import Mapping, Sequence

from scanner.sources.terraform.configuration.collector import paused_collector
from scanner.sources.terraform.configuration.instances import collect, module_instances, outputs_of
from scanner.sources.terraform.configuration.module_instance import ModuleInstance
from scanner.sources.terraform.configuration.result import Evaluated, Limits
from scanner.sources.terraform.configuration.session import Session
from scanner.sources.terraform.configuration.tree import Tree
from scanner.sources.terraform.configuration.variables import Inputs, given_values


def evaluate_root(
    tree: Tree,
    folder: str,
    *,
    var_files: Sequence[str] = (),
    variables: Mapping[str, str] | None = None,
    environment: Mapping[str, str] | None = None,
    workspace: str = "default",
    limits: Limits | None = None,
) -> Evaluated:
    """Return the Instances of the module in ``folder`` (a path to open it by).

    ``terraform.tfvars`` and ``*.auto.tfvars`` beside it are always read; ``var_files`` (paths to open) and
    ``variables`` (name → text, as after ``-var``) override them in this order; ``environment`` (``TF_VAR_x`` → text) is
    the weakest and read only where it is given. Nothing is raised for a fault of the input.
    """
    with paused_collector():
        module = tree.module(folder)
        session = Session(tree, module, workspace, limits or Limits())
        session.given.update(given_values(session, module, Inputs(environment, var_files, variables or {})))
        root = ModuleInstance(session, module, "", None)
        evaluated = list(module_instances(root))
        instances = collect(session, evaluated)
        files = session.files.union(file.name for read in session.modules.values() for file in read.files)
        return Evaluated(
            module.name,
            instances,
            outputs_of(root),
            session.faults(),
            session.notes(),
            tuple(sorted(files)),
            tuple(session.modules),
        )

"""The canonical layer: what every source of Azure gives, in the one shape that rules read.

:mod:`scanner.canonical.terraform` translates Terraform's Instances by data (``azurerm/*.yaml``);
:mod:`scanner.canonical.normalise` settles spelling, types, defaults and nesting for all sources alike. Nothing here
reads a scanned file, knows a rule or decides what is right.
"""

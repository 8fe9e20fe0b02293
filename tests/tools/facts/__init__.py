"""Generates the fact files under ``tests/canonical/facts``: what the azurerm provider and Azure's API models declare.

The azurerm map is written by hand; these facts are what its lint proves it against. They are names, types and defaults
read from published packages (the provider's typed bindings, its documented defaults, the models of the management
libraries), never sentences or code. See ``tests/canonical/facts/README.md`` for the format and how to run it again.
"""

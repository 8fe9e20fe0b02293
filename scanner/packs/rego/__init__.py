"""Rego rules: the engines that run them, what is checked before they run, and what makes regorus answer like OPA."""

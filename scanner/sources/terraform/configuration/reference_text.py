"""References that are named and never evaluated: ``depends_on``, ``ignore_changes``, ``provider``, ``providers``."""

from scanner.sources.terraform.syntax import nodes


def reference_texts(node: nodes.Expression) -> tuple[str, ...]:
    """Return the references in a list as text: ``tags["a"]``, ``azurerm_subnet.web``; ``all`` stands alone."""
    items = node.items if isinstance(node, nodes.TupleCons) else (node,)
    return tuple(text for text in (reference_text(item) for item in items) if text)


def reference_text(node: nodes.Node) -> str:
    """Return one reference as it is written (in JSON: as the text says it); empty where it is none."""
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Literal):
        return str(node.value)
    if isinstance(node, nodes.Parens | nodes.TemplateWrap):
        return reference_text(node.inner)
    if isinstance(node, nodes.GetAttr):
        return f"{reference_text(node.of)}.{node.name}"
    if isinstance(node, nodes.Index) and isinstance(node.key, nodes.Literal):
        key = node.key.value
        return f'{reference_text(node.of)}["{key}"]' if isinstance(key, str) else f"{reference_text(node.of)}[{key}]"
    return ""

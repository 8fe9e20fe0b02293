"""Live Azure: what Resource Graph and Azure Resource Manager say there is, exported or asked for."""

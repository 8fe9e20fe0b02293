"""Charts, overlays and GitOps objects: what becomes manifests only when a program renders it.

The real programs render, since nothing else is what the cluster gets. They run on a copy that holds nothing from
outside of the tree, without network, within limits; what they write is read like any manifest, and every place is
taken back to the file a person edits.
"""

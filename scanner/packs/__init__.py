"""Packs: folders of Rules, found by walking, versioned together, with a digest.

No decorators, no entry points, no central list: a Rule is there because its folder is.
"""

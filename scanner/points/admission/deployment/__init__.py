"""The webhook as it is deployed: every manifest from one source, so that none contradicts another.

``settings`` is what may be chosen, ``objects`` and ``pod`` make the objects, ``render`` puts them into files.
"""

"""ARM templates: JSON templates evaluated completely, without the service that would deploy them.

The middle of it is language-neutral: :mod:`scanner.sources.arm.program` is the form a template is brought into before
it is evaluated, and Bicep is brought into the same form by its own package.
"""

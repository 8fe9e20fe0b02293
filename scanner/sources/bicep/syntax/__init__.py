"""Bicep text → nodes: a lexer that is one regular expression, and a parser by recursive descent."""

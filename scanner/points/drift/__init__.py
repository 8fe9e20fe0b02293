"""Drift as an enforcement point: what is declared and what is live, compared, told, remembered."""

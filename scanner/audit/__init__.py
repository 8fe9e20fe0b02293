"""The audit: whole estates judged page by page, resumed where a run was cut off, kept from run to run and reported."""

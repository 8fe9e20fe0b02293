"""The schema's history, for Alembic: package data of the store, run when a store is opened."""

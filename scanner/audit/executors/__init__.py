"""Where an audit's pages are judged: processes of this machine, or a Dask cluster of several."""

"""What runs an audit every night in a cluster, as manifests that pass the Rules they run."""

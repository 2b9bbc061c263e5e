"""Parquet out: the schema, the partitions and the commit."""

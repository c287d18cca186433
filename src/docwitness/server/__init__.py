"""A strict, durable server for the InfluxDB v2 write API. Imports nothing of the toolkit."""

"""A genuine Elasticsearch node out of the parts on Maven Central, for tests and measurements."""

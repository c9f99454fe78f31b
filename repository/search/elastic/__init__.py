"""Search on an Elasticsearch 9 server.

Text is normalised here, by the same code as for the embedded index: the server
splits at spaces, so relevance is the same by construction (and a put three times
cheaper for it than with analyzers of its own, measured). Nothing needs scripts,
server-side reindexing or updates by query.
"""

from repository.search.elastic.address import Credentials, ElasticAddress, elastic_address
from repository.search.elastic.index import ElasticIndex

__all__ = ["Credentials", "ElasticAddress", "ElasticIndex", "elastic_address"]

"""``python -m tests.servers.prepare``: builds the servers that come as source, before any test.

Where it takes longer than a test may, as on two slow cores beside other tests, the first test
that asked for one was stopped in the middle of the building.
"""

from tests.servers.go_programs import built
from tests.servers.s3 import MINIO, VERSITY

if __name__ == "__main__":
    for program in (MINIO, VERSITY):
        built(*program)

"""A receipt says about whom it is to whoever knows, and to nobody else."""

from ingest.lookup import subject_digest


def test_the_same_subject_written_differently_is_the_same_subject() -> None:
    assert subject_digest("s", "vn:mst", "0901234564") == subject_digest(
        "s", "vn:mst", " 0901234564 "
    )


def test_salt_and_scheme_keep_digests_apart() -> None:
    digests = {
        subject_digest("s", "vn:mst", "0901234564"),
        subject_digest("t", "vn:mst", "0901234564"),
        subject_digest("s", "vn:dkdn", "0901234564"),
    }
    assert len(digests) == 3

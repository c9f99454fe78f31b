"""Names that files get when they are taken away."""

from pathlib import PurePosixPath


def archival_name(name: str) -> str:
    """The name of the archival PDF of a file: ``qd.tif`` -> ``qd.pdf``."""
    known = {".pdf", ".tif", ".tiff", ".jpg", ".jpeg", ".png", ".webp", ".jp2"}
    path = PurePosixPath(name)
    stem = path.stem if path.suffix.lower() in known else path.name
    return f"{stem}.pdf"

"""``python -m bench``: all measurements, one after the other."""

from bench import against_ocrmypdf, objects, reading, signing

if __name__ == "__main__":
    against_ocrmypdf.main([])
    reading.main([])
    objects.main([])
    signing.main([])

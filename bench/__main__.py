"""``python -m bench``: all measurements, one after the other."""

from bench import accuracy, against_ocrmypdf

if __name__ == "__main__":
    against_ocrmypdf.main([])
    accuracy.main([])

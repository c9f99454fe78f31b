"""Independent judges of what the product makes: veraPDF (PDF/A) and EU DSS (PAdES).

Neither shares a line with what makes the files. Both are Java, come from
Maven Central at pinned versions (``pom.xml``) and run only in tests.
"""

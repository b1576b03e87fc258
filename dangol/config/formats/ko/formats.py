"""Korean dates in tables and lines keep their width: 2026-02-06, never 2026-2-6."""

SHORT_DATE_FORMAT = "Y-m-d"
SHORT_DATETIME_FORMAT = "Y-m-d H:i"
TIME_FORMAT = "H:i"

"""Kinds of files that figures are sent as."""

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

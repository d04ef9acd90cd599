"""The archive file: pages as searchable PDF/A. What is made and why so: docs/adr/0012-archive-file.md."""

"""The efficiency report: words (`words`), pages (`pages`) and how they are written (`pdf`, `html`, `as_json`)."""

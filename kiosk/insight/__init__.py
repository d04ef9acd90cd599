"""What the office measures: survey, service clock, the event log's words and chain, key figures and the report.

Nothing here knows a visitor, a device or a screen. Importing the package costs next to nothing, and `provisioning`
uses parts of it.
"""

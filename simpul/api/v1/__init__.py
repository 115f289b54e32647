"""The REST interface for partners' programs, described by its own OpenAPI document (docs/operations/api.md)."""

"""GeoReport v2 of Open311: a public face of published matters, and an intake (docs/operations/api.md)."""

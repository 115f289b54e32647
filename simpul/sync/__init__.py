"""Field devices, village nodes and carried bundles: up go acts, down come snapshots (docs/sync-protocol.md)."""

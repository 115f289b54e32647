"""The door for devices and village nodes: docs/sync-protocol.md, section 7. It holds no rules; it reads, asks and answers."""

"""The door of the field app: an empty shell that a phone keeps, and works with for weeks without a network.

Nothing here holds data of a person: the app asks ``/sync/v1/`` for it, with the key of an enrolled device.
"""

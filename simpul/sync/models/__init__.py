"""Tables of the room."""

from simpul.sync.models.carrying import Carried, Letter, Mirrored, Parent
from simpul.sync.models.devices import Device, Invitation, ScopeGrant
from simpul.sync.models.erasing import Erasure, ErasureReceipt
from simpul.sync.models.events import Blob, Envelope, Event, Task
from simpul.sync.models.files import AwaitedFile
from simpul.sync.models.packs import BackupMark, Generation, Pack

__all__ = [
    "AwaitedFile",
    "BackupMark",
    "Blob",
    "Carried",
    "Device",
    "Envelope",
    "Erasure",
    "ErasureReceipt",
    "Event",
    "Generation",
    "Invitation",
    "Letter",
    "Mirrored",
    "Pack",
    "Parent",
    "ScopeGrant",
    "Task",
]

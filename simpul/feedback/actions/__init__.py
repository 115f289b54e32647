"""Acts on feedback: record and code it, keep the frame, answer rumours, say what changed."""

from simpul.feedback.actions.changes import note_change, withdraw_change
from simpul.feedback.actions.frame import add_code, change_code, load_frame
from simpul.feedback.actions.recording import code_feedback, record_feedback, turn_feedback
from simpul.feedback.actions.rumours import answer_rumour, note_rumour

__all__ = [
    "add_code",
    "answer_rumour",
    "change_code",
    "code_feedback",
    "load_frame",
    "note_change",
    "note_rumour",
    "record_feedback",
    "turn_feedback",
    "withdraw_change",
]

"""Growth of children by WHO's tables: z-scores by days and by completed months, legal classes, marks of what is not plausible."""

from simpul.posyandu.rules.growth.ages import DAYS_OF_MONTH, completed_months

__all__ = ["DAYS_OF_MONTH", "completed_months"]

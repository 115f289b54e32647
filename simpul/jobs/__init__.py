"""The worker: periodic work, claimed by compare-and-set so that it runs once however many workers there are."""

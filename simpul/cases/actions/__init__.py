"""Every write to a case, by topic: intake, handling, referral, protection, publishing, following, incidents, kinds."""

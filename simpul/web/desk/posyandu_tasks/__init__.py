"""What was found and whom cadres visit: the list by household, findings, one household on one page, the week's paper."""

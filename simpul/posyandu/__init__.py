"""The village health post of six fields: institution, days, cards, growth, findings, visits, recaps."""

"""All cases of the corpus."""

from campaigns.tests.corpus import days, genders, headings, households, names, pupils, residents, staff, texts

FEWEST = 62
CASES = [
    *pupils.CASES,
    *headings.CASES,
    *names.CASES,
    *days.CASES,
    *genders.CASES,
    *texts.CASES,
    *staff.CASES,
    *households.CASES,
    *residents.CASES,
]

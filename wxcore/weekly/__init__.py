"""What an account did in a week, beside the week before: a page, and a mail on Monday.

weeks    a week on the wall of an account
report   the sections, which each app fills
mailing  who gets it, once
"""

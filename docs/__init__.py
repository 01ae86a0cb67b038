"""Only so that `python -m docs.screenshots` finds its way; what is to be read are the files in Markdown."""

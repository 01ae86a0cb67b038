"""Mirrors of WeChat's followers and tags, and how they are kept up to date."""

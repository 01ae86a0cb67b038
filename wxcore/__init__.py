"""The Django project of Qunfa, and what every app shares."""

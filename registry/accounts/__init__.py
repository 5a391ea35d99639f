"""Logging in: passwords, second factors, lock-out, duties before work. The pages are django-allauth's, in our look."""

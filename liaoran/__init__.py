"""Liaoran 了然: an open-source, self-hosted CRM for opportunity management."""

__version__ = "0.1.0"

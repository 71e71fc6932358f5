"""Rules, schedules, health, assignment and reminders."""

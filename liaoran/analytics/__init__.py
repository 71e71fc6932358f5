"""What is read out of the records: saved views; measures, reports and forecast build on the same path."""

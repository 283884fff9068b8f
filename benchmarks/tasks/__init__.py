"""What is measured, one file per subject; every one is run in a process of its own."""

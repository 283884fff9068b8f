"""What is measured: pure functions of a world, which they never change."""

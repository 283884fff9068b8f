"""The verb `verify`: run stored runs again and compare every stored number bit by bit."""

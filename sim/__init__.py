"""The model: an organisation, its leaders, its employees and its customers; it knows nothing of files, plots or Hydra."""

"""The model: an organisation, its leaders, employees and customers. It knows nothing of files, plots or Hydra."""

"""Files on their way in: the engine with the kinds that the apps declare."""

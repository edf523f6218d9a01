"""EnCodec's codes of the dataset's windows, computed once."""

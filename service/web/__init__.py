"""The pages: what an answer looks like to a person, in five languages, with and without JavaScript."""

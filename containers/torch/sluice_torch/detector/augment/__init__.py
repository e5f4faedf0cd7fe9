"""Random changes of labelled images. Every function takes its randomness from a generator that is passed in."""

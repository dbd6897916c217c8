"""Tests of the benchmarks: a number in the documents is worth what the program that wrote it is."""

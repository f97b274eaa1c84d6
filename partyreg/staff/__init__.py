"""Socio-political organisations, commune cadres and civil servants: as much of them as targets 24a and 25a need."""

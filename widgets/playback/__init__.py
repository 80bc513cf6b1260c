"""The clock and the player bar that every animated view shares; TypeScript only."""

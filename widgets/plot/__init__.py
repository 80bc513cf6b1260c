"""Pictures of functions that several widgets share: axes, contours, arrows, a surface to turn. TypeScript only."""

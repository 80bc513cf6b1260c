/** The traits Checklist syncs with Python, and the plain data inside them. */

export interface Item {
  name: string;
  group: string;
  question: string;
  /** What there is to choose from; empty asks for a number. */
  options: string[];
}

export interface ChecklistTraits {
  title: string;
  lead: string;
  items: Item[];
  answers: Record<string, string | number>;
  verdicts: Record<string, { right: boolean; said: string }>;
  said: string;
  done: boolean;
}
